// `npm run test:agents`: drives five real agents through the same rows, against the scripted model, and
// writes what came of it to docs/agents.md. Node's built-ins only until the packages are there.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { checkMachine } from "./check-machine.mjs";
import { ensureSandbox } from "./ensure-sandbox.mjs";
import { installPackages } from "./install-packages.mjs";
import { projectFolder, scratchFolder } from "./project-folder.mjs";
import { StepFailed, setupEnvironment } from "./run-step.mjs";
import { withSetupLock } from "./with-setup-lock.mjs";

try {
  checkMachine();
  await withSetupLock(async () => {
    await installPackages({ label: "Installing packages" });
    for (const name of ["agents", "agents-more"]) {
      const folder = path.join(projectFolder, "e2e", name);
      await installPackages({ folder, label: `Installing e2e/${name}`, log: `install-${name}` });
    }
    await ensureSandbox("Installing bubblewrap");
  });
  process.chdir(projectFolder); // the aliases of tsconfig.json hold from here
  const { register } = await import("tsx/esm/api");
  register();
  const { columns } = await import("../server/agents/testing-columns.ts");
  const { describeTable } = await import("../server/agents/testing-table.ts");
  const results = runRows();
  const failed = results.filter(({ status }) => status !== "passed");
  for (const { column, row, status } of failed) console.error(`${column}: ${row}: ${status}`);
  console.log(`\n${results.length - failed.length} passed, ${failed.length} failed, 0 skipped`);
  if (failed.length > 0 || results.length === 0) process.exit(1);
  writeFileSync(path.join("docs", "agents.md"), describeTable(columns, results, readVersions()));
} catch (error) {
  console.error(error instanceof StepFailed ? `\n${error.message}` : error);
  process.exitCode = 1;
}
process.exit();

/** Each row of each column as vitest reported it. */
function runRows() {
  const report = path.join(scratchFolder, "agents.json");
  rmSync(report, { force: true });
  const files = ["server/agents/conformance.real.test.ts", "server/worker/acp-runs.test.ts"];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...files, ...reporters], {
    env: { ...setupEnvironment(), COPPICE_TEST_AGENTS: "all" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (!existsSync(report)) return [];
  const { testResults } = JSON.parse(readFileSync(report, "utf8"));
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .map(({ ancestorTitles, title, status }) => ({
      column: ancestorTitles[0],
      row: title,
      status,
    }));
}

/** Package → version, as pinned for the tests. */
function readVersions() {
  const packages = ["agents", "agents-more"].map((name) =>
    JSON.parse(readFileSync(path.join("e2e", name, "package.json"), "utf8")),
  );
  return Object.assign({}, ...packages.map(({ devDependencies }) => devDependencies));
}

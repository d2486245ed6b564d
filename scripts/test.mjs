// `npm test`: sets up what the tests need, runs all of them, and closes with one line:
// “N passed, N failed, N skipped”. Node's built-ins only until the packages are there.
import { existsSync } from "node:fs";
import path from "node:path";
import { checkMachine } from "./check-machine.mjs";
import { ensureBuild } from "./ensure-build.mjs";
import { ensureSandbox } from "./ensure-sandbox.mjs";
import { installPackages } from "./install-packages.mjs";
import { projectFolder } from "./project-folder.mjs";
import { StepFailed } from "./run-step.mjs";
import { withSetupLock } from "./with-setup-lock.mjs";

const total = { passed: 0, failed: 0, skipped: 0 };

await attempt("set-up", async () => {
  checkMachine();
  await withSetupLock(setUp);
});
// Without its packages nothing can be run, and the last line says so.
if (total.failed === 0) {
  await attempt("static gates", async () => (await import("./run-gates.mjs")).runGates());
  const { runCrashTests, runPlaywright, runVitest } = await import("./run-suites.mjs");
  await attempt("vitest", runVitest);
  await attempt("crash tests", runCrashTests);
  const isBuilt = await attempt("build", () => withSetupLock(() => ensureBuild("Building")));
  if (isBuilt) await attempt("playwright", runPlaywright);
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);

async function setUp() {
  await installPackages({ label: "Installing packages" });
  const agents = path.join(projectFolder, "e2e", "agents");
  if (existsSync(path.join(agents, "package-lock.json"))) {
    const label = "Installing the agent that the browser tests run";
    await installPackages({ folder: agents, label, log: "install-agents" });
  }
  await ensureSandbox("Installing bubblewrap");
  const { ensureBrowser } = await import("../e2e/ensure-browser.mjs");
  console.log(`Browser: ${ensureBrowser()}`);
}

/** Adds what `work` counted; a step that throws counts as one failure, and the others go on. */
async function attempt(name, work) {
  try {
    const count = await work();
    for (const key of Object.keys(total)) total[key] += count?.[key] ?? 0;
    return true;
  } catch (error) {
    total.failed += 1;
    console.error(`\n${name} failed:`, error instanceof StepFailed ? error.message : error);
    return false;
  }
}

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { projectFolder, scratchFolder } from "./project-folder.mjs";
import { setupEnvironment } from "./run-step.mjs";

/** Runs the unit and integration tests, with whatever arguments vitest is to get. */
export function runVitest() {
  const report = path.join(scratchFolder, "vitest.json");
  return runSuite("vitest", report, {
    program: "vitest/vitest.mjs",
    args: ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    environment: {},
    count: (result) => ({
      passed: result.numPassedTests,
      failed: result.numFailedTests,
      skipped: result.numPendingTests + result.numTodoTests,
    }),
  });
}

/** Kills each part of Coppice at about half of the crash points. Each case counts as one test. */
export function runCrashTests() {
  const report = path.join(scratchFolder, "crash.json");
  return runSuite("crash tests", report, {
    program: path.join(projectFolder, "scripts", "test-crash.mjs"),
    args: ["--quick"],
    environment: {},
    count: (cases) => {
      const failed = cases.filter(({ faults }) => faults.length > 0).length;
      return { passed: cases.length - failed, failed, skipped: 0 };
    },
  });
}

/** Runs the browser tests against a Coppice of their own: free port, fresh home. */
export async function runPlaywright() {
  const report = path.join(scratchFolder, "playwright.json");
  const home = mkdtempSync(path.join(tmpdir(), "coppice-e2e-"));
  chmodSync(home, 0o711); // the account that runs PostgreSQL for root passes through
  try {
    return runSuite("playwright", report, {
      program: "@playwright/test/cli.js",
      args: ["test", "--reporter=list,json"],
      environment: {
        PLAYWRIGHT_JSON_OUTPUT_FILE: report,
        COPPICE_E2E_HOME: home,
        E2E_PORT: String(await findFreePort()),
      },
      count: ({ stats }) => ({
        passed: stats.expected,
        failed: stats.unexpected + stats.flaky,
        skipped: stats.skipped,
      }),
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** A suite that crashed, left no report or ran no test at all counts as one failure more. */
function runSuite(name, report, { program, args, environment, count }) {
  console.log(`\n— ${name}`);
  rmSync(report, { force: true });
  const { status } = spawnSync(
    process.execPath,
    [path.resolve(projectFolder, "node_modules", program), ...args],
    {
      cwd: projectFolder,
      env: { ...setupEnvironment(), ...environment },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  const total = existsSync(report)
    ? count(JSON.parse(readFileSync(report, "utf8")))
    : { passed: 0, failed: 0, skipped: 0 };
  const hasCrashed = status !== 0 && total.failed === 0;
  if (!hasCrashed && total.passed + total.failed > 0) return total;
  console.error(
    `${name} ${hasCrashed ? `ended with ${status}` : "ran no test"}: counted as failed`,
  );
  return { ...total, failed: total.failed + 1 };
}

function findFreePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

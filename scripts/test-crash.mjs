// `npm run test:crash [-- --quick] [--only <point>] [--victim <name>] [--lanes <n>]`: kills each part at
// each crash point. Node's built-ins only until the packages are there.
import { parseArgs } from "node:util";
import { checkMachine } from "./check-machine.mjs";
import { ensureSandbox } from "./ensure-sandbox.mjs";
import { installPackages } from "./install-packages.mjs";
import { projectFolder } from "./project-folder.mjs";
import { StepFailed } from "./run-step.mjs";
import { withSetupLock } from "./with-setup-lock.mjs";

const text = { type: "string" };
const { values } = parseArgs({
  options: { quick: { type: "boolean" }, only: text, victim: text, lanes: text },
});

try {
  checkMachine();
  await withSetupLock(async () => {
    await installPackages({ label: "Installing packages" });
    await ensureSandbox("Installing bubblewrap");
  });
  process.chdir(projectFolder); // the aliases of tsconfig.json hold from here
  const { register } = await import("tsx/esm/api");
  register();
  const { runCrashTests } = await import("../crash/run-crash-tests.ts");
  const { passed, failed } = await runCrashTests({
    projectFolder,
    isQuick: values.quick ?? false,
    only: values.only ?? null,
    victim: values.victim ?? null,
    lanes: Number(values.lanes ?? 3),
  });
  console.log(`\n${passed} passed, ${failed} failed, 0 skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof StepFailed ? `\n${error.message}` : error);
  process.exitCode = 1;
}
process.exit();

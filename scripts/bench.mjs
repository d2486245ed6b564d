// `npm run bench [-- --quick]`: sets up what is missing, then measures Coppice beside the floor.
// Node's built-ins only until the packages are there.
import { checkMachine } from "./check-machine.mjs";
import { ensureBuild } from "./ensure-build.mjs";
import { installPackages } from "./install-packages.mjs";
import { projectFolder } from "./project-folder.mjs";
import { StepFailed } from "./run-step.mjs";
import { withSetupLock } from "./with-setup-lock.mjs";

try {
  checkMachine();
  await withSetupLock(async () => {
    await installPackages({ label: "Installing packages" });
    await ensureBuild("Building");
  });
  process.chdir(projectFolder); // the aliases of tsconfig.json hold from here
  const { register } = await import("tsx/esm/api");
  register();
  const { runBench } = await import("../bench/run-bench.ts");
  await runBench({ projectFolder, isQuick: process.argv.includes("--quick") });
} catch (error) {
  console.error(error instanceof StepFailed ? `\n${error.message}` : error);
  process.exitCode = 1;
}
process.exit();

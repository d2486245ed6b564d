// `npm run soak -- [--minutes <n>] [--seed <n>]`: random work under random faults, then a judgement.
// Node's built-ins only until the packages are there.
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { checkMachine } from "./check-machine.mjs";
import { ensureSandbox } from "./ensure-sandbox.mjs";
import { installPackages } from "./install-packages.mjs";
import { projectFolder } from "./project-folder.mjs";
import { StepFailed } from "./run-step.mjs";
import { withSetupLock } from "./with-setup-lock.mjs";

const text = { type: "string" };
const { values } = parseArgs({ options: { minutes: text, seed: text } });

try {
  checkMachine();
  await withSetupLock(async () => {
    await installPackages({ label: "Installing packages" });
    await ensureSandbox("Installing bubblewrap");
  });
  process.chdir(projectFolder); // the aliases of tsconfig.json hold from here
  const { register } = await import("tsx/esm/api");
  register();
  const { runSoak } = await import("../soak/run-soak.ts");
  const faults = await runSoak({
    projectFolder,
    minutes: Number(values.minutes ?? 10),
    seed: Number(values.seed ?? randomInt(2 ** 31)),
  });
  process.exitCode = faults > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof StepFailed ? `\n${error.message}` : error);
  process.exitCode = 1;
}
process.exit();

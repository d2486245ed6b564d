// `npm start`: sets up what is missing, then becomes the supervisor. Node's built-ins only up to
// there: on a fresh clone nothing else exists. Arguments: [web|worker] [--dev]
import path from "node:path";
import { pathToFileURL } from "node:url";
import { checkMachine } from "./check-machine.mjs";
import { ensureBuild } from "./ensure-build.mjs";
import { installPackages } from "./install-packages.mjs";
import { projectFolder } from "./project-folder.mjs";
import { StepFailed } from "./run-step.mjs";
import { withSetupLock } from "./with-setup-lock.mjs";

try {
  checkMachine();
  await withSetupLock(setUp);
} catch (error) {
  console.error(error instanceof StepFailed ? `\n${error.message}` : error);
  process.exit(1);
}

// In this very process: signals sent to `npm start` arrive at the supervisor without a go-between.
await import(pathToFileURL(path.join(projectFolder, "dist", "supervisor.mjs")).href);

async function setUp() {
  await installPackages({ label: "Installing packages (1 of 3)" });
  if (process.argv.includes("--dev")) {
    const { buildBundles } = await import("./build-bundles.mjs");
    await buildBundles(); // `next dev` builds the pages as they are asked for
  } else {
    await ensureBuild("Building (2 of 3)");
  }
  console.log("Starting (3 of 3)…");
}

import path from "node:path";
import { isBuilt } from "./build-stamp.mjs";
import { projectFolder } from "./project-folder.mjs";
import { runStep } from "./run-step.mjs";

/** Builds everything unless the present sources are built already. */
export async function ensureBuild(label) {
  if (isBuilt()) return;
  await runStep({
    ...{ label, log: "build", command: process.execPath },
    args: [path.join(projectFolder, "scripts", "build.mjs")],
  });
}

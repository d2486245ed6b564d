import { spawnSync } from "node:child_process";
import { StepFailed } from "./run-step.mjs";

const oldestNode = [20, 19, 0];
const oldestGit = [2, 39, 4]; // older ones can be made to run code by a hostile repository

/** Throws StepFailed with the fix when Node or git is missing or too old. */
export function checkMachine() {
  if (isOlder(process.versions.node, oldestNode)) {
    throw new StepFailed(
      `Coppice needs Node ${oldestNode.join(".")} or newer; this is ${process.versions.node}.\n` +
        "Install Node 24 from https://nodejs.org or with your version manager.",
    );
  }
  const { stdout, error } = spawnSync("git", ["--version"], { encoding: "utf8" });
  if (error) {
    throw new StepFailed("Coppice needs git, and there is none on the PATH. Install git first.");
  }
  const version = stdout.match(/\d+(\.\d+)+/)?.[0] ?? stdout.trim();
  if (isOlder(version, oldestGit)) {
    throw new StepFailed(
      `Coppice needs git ${oldestGit.join(".")} or newer; this is ${version}. Update git first.`,
    );
  }
}

function isOlder(version, oldest) {
  const parts = version.split(".").map(Number);
  for (const [index, least] of oldest.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return !(part > least);
  }
  return false;
}

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { runStep, StepFailed } from "./run-step.mjs";

/** Makes sure of bubblewrap, which the confinement tests use; says so where it cannot be had. */
export async function ensureSandbox(label) {
  if (hasBubblewrap()) return;
  if (process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    await installByApt(label);
  }
  if (!hasBubblewrap()) {
    console.log("There is no bubblewrap here: tests of confined agents are skipped.");
  }
}

function hasBubblewrap() {
  return spawnSync("bwrap", ["--version"]).status === 0;
}

async function installByApt(label) {
  const script = "apt-get update && apt-get install -y --no-install-recommends bubblewrap";
  try {
    await runStep({ label, log: "bubblewrap", command: "bash", args: ["-c", script] });
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.log(error.message);
  }
}

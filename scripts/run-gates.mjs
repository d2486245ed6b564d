import { spawnSync } from "node:child_process";
import path from "node:path";
import { projectFolder } from "./project-folder.mjs";
import { setupEnvironment } from "./run-step.mjs";

const gates = [
  { name: "biome check", program: "@biomejs/biome/bin/biome", args: ["check", "."] },
  {
    name: "tsc",
    // Next's generated types are part of what is checked, and a fresh clone has none.
    before: { program: "next/dist/bin/next", args: ["typegen"] },
    program: "typescript/bin/tsc",
    args: ["--noEmit"],
  },
  { name: "knip", program: "knip/bin/knip.js", args: [] },
];

/** Runs the checks that need nothing to run: style, types, dead code. Each counts as one test. */
export function runGates() {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const gate of gates) {
    console.log(`\n— ${gate.name}`);
    const isGood = (!gate.before || run(gate.before)) && run(gate);
    count[isGood ? "passed" : "failed"] += 1;
    console.log(`${gate.name}: ${isGood ? "passed" : "FAILED"}`);
  }
  return count;
}

function run({ program, args }) {
  const { status } = spawnSync(
    process.execPath,
    [path.join(projectFolder, "node_modules", program), ...args],
    { cwd: projectFolder, env: setupEnvironment(), stdio: ["ignore", "inherit", "inherit"] },
  );
  return status === 0;
}

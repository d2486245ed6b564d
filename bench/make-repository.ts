import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const fileCount = 30;
const linesPerFile = 600;

/** The small repository that both sides work on: 30 files, 360 KB, one commit on `main`. */
export function makeRepository(folder: string): void {
  for (let number = 0; number < fileCount; number += 1) {
    const place = path.join(folder, "source", `part${number % 5}`);
    mkdirSync(place, { recursive: true });
    const lines = Array.from({ length: linesPerFile }, (_, line) => `// ${number}, line ${line}\n`);
    writeFileSync(path.join(place, `file${number}.ts`), lines.join(""));
  }
  const who = ["-c", "user.name=bench", "-c", "user.email=bench@coppice.invalid"];
  for (const args of [
    ["init", "-q", "-b", "main"],
    ["add", "-A"],
    [...who, "commit", "-qm", "base"],
  ]) {
    runGit(folder, args);
  }
}

/** The floor's mirror: bare, with its objects in a pack of its own. */
export function makeMirror(origin: string, mirror: string): void {
  runGit(path.dirname(mirror), ["clone", "-q", "--bare", "--no-hardlinks", origin, mirror]);
}

function runGit(cwd: string, args: string[]): void {
  execFileSync("git", args, {
    cwd,
    env: { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" },
  });
}

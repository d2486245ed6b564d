import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Where the cases about deliveries merge: nobody has it checked out. */
export const deliveredBranch = "released";

/** A repository of a few files with one commit on `main`. */
export function makeOrigin(folder: string): string {
  const origin = path.join(folder, "origin");
  mkdirSync(path.join(origin, "source"), { recursive: true });
  writeFileSync(path.join(origin, "README.md"), "# Origin\n");
  for (let number = 0; number < 20; number += 1) {
    writeFileSync(path.join(origin, "source", `file${number}.txt`), `${number}\n`.repeat(100));
  }
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  const who = ["-c", "user.name=crash", "-c", "user.email=crash@coppice.invalid"];
  for (const args of [
    ["init", "-q", "-b", "main"],
    ["add", "-A"],
    [...who, "commit", "-qm", "base"],
    ["branch", deliveredBranch],
  ]) {
    execFileSync("git", args, { cwd: origin, env });
  }
  return origin;
}

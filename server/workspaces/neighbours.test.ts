import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { captureWorkspace } from "./capture-workspace";
import { collectCommits } from "./collect-commits";
import {
  commitAll,
  makeTestHome,
  openTestWorkspace,
  removeTestHome,
  runGit,
  type TestHome,
  writeTree,
} from "./testing";

let at: TestHome;
beforeAll(() => {
  at = makeTestHome();
});
afterAll(() => removeTestHome(at));

test("one run's stash, branches, commits and files are out of another's reach, whatever it does with git", async () => {
  const mine = await openTestWorkspace(at);
  const { repositoryId } = mine.input;
  const other = await openTestWorkspace(at, { repositoryId });
  writeTree(mine.folder, { "stashed.txt": "mine\n" });
  runGit(mine.folder, "stash", "--include-untracked");
  writeTree(mine.folder, { "done.txt": "done\n" });
  const commit = commitAll(mine.folder, "Mine");
  runGit(mine.folder, "branch", "mine-too");
  writeTree(mine.folder, { "half.txt": "half\n" });
  const branch = runGit(mine.folder, "symbolic-ref", "--short", "HEAD");

  const refuses = (...args: string[]) => expect(() => runGit(other.folder, ...args)).toThrow();
  refuses("stash", "pop");
  refuses("branch", "-D", "mine-too");
  refuses("cat-file", "-e", commit);
  refuses("worktree", "remove", "--force", mine.folder);
  runGit(other.folder, "worktree", "prune");
  runGit(other.folder, "reflog", "expire", "--expire=now", "--all");
  runGit(other.folder, "gc", "-q", "--prune=now");
  runGit(other.folder, "config", "core.hooksPath", "/nowhere");

  expect(runGit(mine.folder, "stash", "list")).toContain("stash@{0}");
  expect(runGit(mine.folder, "rev-parse", branch, "mine-too")).toBe(`${commit}\n${commit}`);
  expect(readFileSync(path.join(mine.folder, "half.txt"), "utf8")).toBe("half\n");
  const collected = await collectCommits(mine.input);
  expect(collected.headCommit).toBe(commit);
  const captured = await captureWorkspace({ ...mine.capture, parent: commit });
  expect(runGit(mine.mirror, "show", `${captured.sha}:half.txt`)).toBe("half");
});

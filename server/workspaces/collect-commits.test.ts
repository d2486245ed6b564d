import { existsSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CollectCommits, collectCommits } from "./collect-commits";
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
beforeEach(() => {
  at = makeTestHome();
});
afterEach(() => removeTestHome(at));

const short = (input: CollectCommits, refs: { name: string; sha: string }[]) =>
  Object.fromEntries(
    refs.map(({ name, sha }) => [
      name.replace(`refs/coppice/keep/${input.runId}/${input.attemptNumber}/`, ""),
      sha,
    ]),
  );

test("finds nothing new where the agent committed nothing", async () => {
  const { input } = await openTestWorkspace(at);
  const collected = await collectCommits(input);
  expect(collected).toMatchObject({ headCommit: at.base, refs: [], isComplete: true });
  expect(collected.state).toMatchObject({ kind: "usable", branch: input.branch, unfinished: [] });
});

test("brings the branch, other branches, stashes, tags and detached work into the mirror", async () => {
  const { input, folder, mirror } = await openTestWorkspace(at);
  writeTree(folder, { "one.txt": "1" });
  const head = commitAll(folder, "One");
  runGit(folder, "switch", "-q", "-c", "side/way");
  writeTree(folder, { "two.txt": "2" });
  const side = commitAll(folder, "Two");
  for (const text of ["s1", "s2"]) {
    writeTree(folder, { "a.txt": text });
    runGit(folder, "stash");
  }
  const [newest, older] = ["stash@{0}", "stash@{1}"].map((name) =>
    runGit(folder, "rev-parse", name),
  );
  runGit(folder, "switch", "-q", "--detach", "HEAD~1");
  writeTree(folder, { "three.txt": "3" });
  const loose = commitAll(folder, "Three");
  runGit(folder, "tag", "-a", "mine", "-m", "mine");
  const tag = runGit(folder, "rev-parse", "mine");
  const collected = await collectCommits(input);
  expect(collected).toMatchObject({ headCommit: head, isComplete: true, problem: null });
  expect(short(input, collected.refs)).toEqual({
    HEAD: loose,
    "heads/coppice/build/1": head,
    "heads/side/way": side,
    "stash/0": newest,
    "stash/1": older,
    "tags/mine": tag,
  });
  for (const { name, sha } of collected.refs) {
    expect(runGit(mirror, "rev-parse", name)).toBe(sha);
  }
  runGit(mirror, "fsck", "--strict");
  expect(await collectCommits(input)).toEqual(collected);
});

test("keeps commits that were reset or amended away", async () => {
  const { input, folder, mirror } = await openTestWorkspace(at);
  writeTree(folder, { "one.txt": "1" });
  const gone = commitAll(folder, "Gone");
  runGit(folder, "reset", "-q", "--hard", "HEAD~2");
  const collected = await collectCommits(input);
  expect(collected.headCommit).toBe(runGit(mirror, "rev-parse", `${at.base}^`));
  expect(short(input, collected.refs)[`reflog/${gone.slice(0, 16)}`]).toBe(gone);
});

test("goes on when the reflog names a commit that is gone", async () => {
  const { input, folder } = await openTestWorkspace(at);
  writeTree(folder, { "one.txt": "1" });
  commitAll(folder, "Gone");
  runGit(folder, "reset", "-q", "--hard", "HEAD~1");
  const log = path.join(folder, ".git/logs/HEAD");
  writeFileSync(log, `${"0".repeat(40)} ${"1".repeat(40)} a <a@b> 1 +0000\tx\n`);
  writeTree(folder, { "two.txt": "2" });
  const head = commitAll(folder, "Two");
  expect(await collectCommits(input)).toMatchObject({ headCommit: head, isComplete: true });
});

test("names a rebase that was left half done, and keeps its commits", async () => {
  const { input, folder } = await openTestWorkspace(at);
  writeTree(folder, { "a.txt": "mine\n" });
  commitAll(folder, "Mine");
  runGit(folder, "switch", "-q", "-c", "theirs", "HEAD~1");
  writeTree(folder, { "a.txt": "theirs\n" });
  const theirs = commitAll(folder, "Theirs");
  expect(() => runGit(folder, "rebase", "coppice/build/1")).toThrow();
  const { state, refs } = await collectCommits(input);
  expect(state).toMatchObject({ isDetached: true, branch: null, unfinished: ["rebase"] });
  expect(short(input, refs)["heads/theirs"]).toBe(theirs);
});

test("names an unfinished merge, cherry-pick and bisect", async () => {
  const { input, folder } = await openTestWorkspace(at);
  for (const mark of ["MERGE_HEAD", "CHERRY_PICK_HEAD", "BISECT_LOG"]) {
    writeFileSync(path.join(folder, ".git", mark), `${at.base}\n`);
  }
  writeFileSync(path.join(folder, ".git/index.lock"), "");
  const { state } = await collectCommits(input);
  expect(state.unfinished).toEqual(["merge", "cherry-pick", "bisect"]);
  expect(state.locks).toEqual(["index.lock"]);
});

test("answers that there is nothing to read when the git folder was deleted", async () => {
  const { input, folder } = await openTestWorkspace(at);
  rmSync(path.join(folder, ".git"), { recursive: true });
  const collected = await collectCommits(input);
  expect(collected).toMatchObject({ headCommit: null, refs: [], isComplete: false });
  expect(collected.state.kind).toBe("missing");
});

test("says what is lost when an object of the branch is gone", async () => {
  const { input, folder } = await openTestWorkspace(at);
  writeTree(folder, { "one.txt": "1" });
  const head = commitAll(folder, "One");
  rmSync(path.join(folder, ".git/objects", head.slice(0, 2), head.slice(2)));
  const collected = await collectCommits(input);
  expect(collected).toMatchObject({ headCommit: null, isComplete: false });
  expect(collected.problem).toMatch(/git fetch failed/);
});

test("keeps a branch whose name git would refuse under an encoded one", async () => {
  const { input, folder } = await openTestWorkspace(at);
  writeTree(folder, { "one.txt": "1" });
  const head = commitAll(folder, "One");
  writeFileSync(path.join(folder, ".git/refs/heads/a b;--upload-pack=x"), `${head}\n`);
  const { refs } = await collectCommits(input);
  expect(refs.map(({ sha }) => sha)).toEqual([head, head]);
  expect(refs.some(({ name }) => name.includes("/encoded/"))).toBe(true);
});

test("follows no link out of the git folder", async () => {
  const { input, folder } = await openTestWorkspace(at);
  const refs = path.join(folder, ".git/refs/heads");
  rmSync(refs, { recursive: true });
  symlinkSync(path.join(at.origin, ".git/refs/heads"), refs);
  const collected = await collectCommits(input);
  expect(collected.state.kind).toBe("redirected");
  expect(existsSync(path.join(at.origin, ".git/refs/heads/main"))).toBe(true);
});

import { renameSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { captureWorkspace } from "./capture-workspace";
import { collectCommits } from "./collect-commits";
import { diffRange } from "./diff-range";
import { listCommits } from "./list-commits";
import {
  commitAll,
  makeTestHome,
  openTestWorkspace,
  removeTestHome,
  runGit,
  type TestHome,
  writeTree,
} from "./testing";
import { updateRunBranch } from "./update-run-branch";

let at: TestHome;
beforeEach(() => {
  at = makeTestHome();
});
afterEach(() => removeTestHome(at));

test("lists the agent's commits and our snapshot of the leftovers, oldest first", async () => {
  const { input, folder, capture } = await openTestWorkspace(at);
  writeTree(folder, { "one.txt": "1\n2\n" });
  const one = commitAll(folder, "One\n\nWith a body\ncommit 1234\n");
  renameSync(path.join(folder, "one.txt"), path.join(folder, "renamed.txt"));
  writeTree(folder, { "bin.dat": Buffer.from([0, 1, 2, 255]), "a.txt": "two\n" });
  const two = commitAll(folder, "Two");
  writeTree(folder, { "left.txt": "left\n" });
  await collectCommits(input);
  const { sha } = await captureWorkspace({ ...capture, parent: two });
  const commits = await listCommits({ ...input, headCommit: sha ?? two, maxPatchBytes: 1e6 });
  expect(commits.map((commit) => [commit.sha, commit.parents])).toEqual([
    [one, [at.base]],
    [two, [one]],
    [sha, [two]],
  ]);
  expect(commits[0]).toMatchObject({
    authorName: "Ada",
    authorEmail: "ada@example.org",
    message: "One\n\nWith a body\ncommit 1234",
    additions: 2,
    deletions: 0,
    files: 1,
    isPatchCut: false,
  });
  expect(commits[1]).toMatchObject({ additions: 1, deletions: 2, files: 3 });
  expect(commits[1]?.patch).toContain("rename to renamed.txt");
  expect(commits[1]?.patch).toContain("Binary files /dev/null and b/bin.dat differ");
  expect(commits[2]?.patch).toMatch(/^diff --git a\/left.txt b\/left.txt\n[\s\S]*\+left\n$/);
  expect(commits[2]).toMatchObject({ authorName: "Coppice", message: "Snapshot" });
});

test("shows a merge against its first parent, and an empty commit without a patch", async () => {
  const { input, folder } = await openTestWorkspace(at);
  runGit(folder, "switch", "-q", "-c", "side");
  writeTree(folder, { "side.txt": "side\n" });
  commitAll(folder, "Side");
  runGit(folder, "switch", "-q", "coppice/build/1");
  commitAll(folder, "Empty");
  runGit(folder, "merge", "-q", "--no-ff", "-m", "Merge", "side");
  const { headCommit } = await collectCommits(input);
  const range = { ...input, headCommit: headCommit ?? at.base, maxPatchBytes: 1e6 };
  const commits = await listCommits(range);
  expect(commits.map(({ message, files }) => [message, files])).toEqual([
    ["Empty", 0],
    ["Side", 1],
    ["Merge", 1],
  ]);
  expect(commits[0]).toMatchObject({ patch: null, isPatchCut: false });
  expect(commits[2]?.parents).toHaveLength(2);
});

test("cuts a long patch at the end of a line and goes on with the next commit", async () => {
  const { input, folder } = await openTestWorkspace(at);
  const lines = Array.from({ length: 200_000 }, (_, line) => `line ${line}\n`).join("");
  writeTree(folder, { "long.txt": lines });
  commitAll(folder, "Long");
  writeTree(folder, { "short.txt": Buffer.from([0x73, 0xff, 0x0a]) });
  commitAll(folder, "Short");
  const { headCommit } = await collectCommits(input);
  const head = headCommit ?? at.base;
  const commits = await listCommits({ ...input, headCommit: head, maxPatchBytes: 1000 });
  expect(commits[0]).toMatchObject({ additions: 200_000, isPatchCut: true });
  expect(commits[0]?.patch?.length).toBeLessThanOrEqual(1000);
  expect(commits[0]?.patch?.endsWith("\n")).toBe(true);
  expect(commits[1]).toMatchObject({ isPatchCut: false });
  expect(commits[1]?.patch).toContain("+s\uFFFD");
  const range = { ...input, from: at.base, to: head, maxBytes: 1000 };
  const cut = await diffRange({ ...range, path: "long.txt" });
  expect(cut).toMatchObject({ isCut: true, files: 1, additions: 200_000, deletions: 0 });
  const whole = await diffRange({ ...input, from: at.base, to: head, maxBytes: 1e8 });
  expect(whole).toMatchObject({ isCut: false, additions: 200_001 });
});

test("lists the newest thousand of more commits", async () => {
  const { input, mirror } = await openTestWorkspace(at);
  const { execFileSync } = await import("node:child_process");
  const stream = Array.from({ length: 1005 }, (_, index) => {
    const from = index === 0 ? `from ${at.base}\n` : "";
    return `commit refs/heads/many\ncommitter a <a@b.c> ${1e9 + index} +0000\ndata 3\nc\n\n${from}M 644 inline f\ndata 5\n${String(index).padStart(4, "0")}\n\n`;
  }).join("");
  execFileSync("git", ["--git-dir", mirror, "fast-import", "--quiet"], { input: stream });
  const [head, first] = runGit(mirror, "rev-parse", "many", "many~999").split("\n");
  const commits = await listCommits({
    ...input,
    headCommit: head as typeof at.base,
    maxPatchBytes: 1e6,
  });
  expect(commits).toHaveLength(1000);
  expect([commits[0]?.sha, commits.at(-1)?.sha]).toEqual([first, head]);
  expect(commits.every(({ patch }) => patch?.startsWith("diff --git"))).toBe(true);
});

test("moves the run's branch only from where it was expected, and keeps both otherwise", async () => {
  const { input, folder, mirror } = await openTestWorkspace(at);
  writeTree(folder, { "one.txt": "1" });
  const one = commitAll(folder, "One");
  const two = commitAll(folder, "Two");
  await collectCommits(input);
  const update = (headCommit: typeof at.base, expected: typeof at.base | null) =>
    updateRunBranch({ ...input, headCommit, expected });
  expect(await update(one, null)).toMatchObject({ isMoved: true, notice: null });
  expect(await update(one, null)).toMatchObject({ isMoved: true });
  expect(await update(two, at.base)).toMatchObject({ isMoved: false, foundCommit: one });
  expect(runGit(mirror, "rev-parse", "refs/heads/coppice/build/1")).toBe(one);
  expect(runGit(mirror, "rev-parse", `refs/coppice/runs/${input.runId}/head`)).toBe(two);
  expect(await update(two, one)).toMatchObject({ isMoved: true });
  const below = { ...input, branch: "coppice/build", headCommit: two, expected: null };
  expect(await updateRunBranch(below)).toMatchObject({ isMoved: false, foundCommit: null });
});

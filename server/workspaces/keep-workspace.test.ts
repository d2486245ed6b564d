import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { IgnoredChoice } from "@/server/domain/workspace-audit";
import { auditWorkspace } from "./audit-workspace";
import { deleteTree } from "./delete-tree";
import { keptPath } from "./layout";
import { openTestWorkspace, removeTestHome, runGit, type TestHome, writeTree } from "./testing";
import { keep, makeMarkedHome, remove, restore, takeAwayAndBringBack } from "./testing-keep";

let at: TestHome;
beforeEach(() => {
  at = makeMarkedHome();
});
afterEach(() => removeTestHome(at));

test("pipes, sockets and endless devices hang nobody and are named as what git has no form for", async () => {
  const opened = await openTestWorkspace(at);
  execFileSync("mkfifo", [path.join(opened.folder, "pipe")]);
  symlinkSync("/dev/zero", path.join(opened.folder, "endless"));
  const server = createServer();
  // A socket's path may have 107 bytes only.
  const short = path.join("/tmp", `coppice-${process.pid}.sock`);
  rmSync(short, { force: true });
  await new Promise<void>((resolve) => server.listen(short, resolve));
  execFileSync("mv", [short, path.join(opened.folder, "socket")]);
  const findings = await auditWorkspace(opened.capture);
  expect(findings).toContainEqual({
    kind: "special_files",
    count: 2,
    bytes: null,
    examples: expect.arrayContaining(["pipe", "socket"]),
  });
  const { before, after } = await takeAwayAndBringBack(opened);
  expect(after).toEqual(before);
  server.close();
});

test("files and folders of mode 000 are opened, kept and removed", async () => {
  const opened = await openTestWorkspace(at);
  const { folder, mirror } = opened;
  writeTree(folder, { "closed/deep/in.txt": "in", "shut.txt": "shut" });
  chmodSync(path.join(folder, "shut.txt"), 0);
  chmodSync(path.join(folder, "closed/deep"), 0);
  chmodSync(path.join(folder, "closed"), 0);
  const { kept } = await takeAwayAndBringBack(opened);
  expect(runGit(mirror, "show", `${kept.proof.filesCommit}:closed/deep/in.txt`)).toBe("in");
  expect(runGit(mirror, "show", `${kept.proof.filesCommit}:shut.txt`)).toBe("shut");
  expect(statSync(path.join(folder, "shut.txt")).mode & 0o777).toBe(0o644);
});

test("paths of more than 4,096 bytes are named, kept from removal, and can be deleted in the end", async () => {
  const opened = await openTestWorkspace(at);
  const { folder } = opened;
  const long = "d".repeat(200);
  const script =
    'i=0; while [ $i -lt 25 ]; do mkdir "$1"; cd -P "$1"; i=$((i+1)); done; echo x > f';
  execFileSync("bash", ["-c", script, "bash", long], { cwd: folder, stdio: "ignore" });
  writeTree(folder, { "near.txt": "near" });
  const kept = await keep(opened);
  expect(runGit(opened.mirror, "show", `${kept.proof.filesCommit}:near.txt`)).toBe("near");
  expect(kept.proof.capture.leftOut.length).toBeGreaterThan(0);
  await expect(remove(opened, kept)).rejects.toMatchObject({ reason: "files_left_out" });
  await deleteTree(folder);
  expect(existsSync(folder)).toBe(false);
  expect(readdirSync(path.dirname(folder))).toEqual([]);
});

test("a huge file goes beside the branches, never into the mirror, and memory stays flat", async () => {
  const opened = await openTestWorkspace(at);
  const { folder, mirror } = opened;
  const block = Buffer.from(Array.from({ length: 1024 * 1024 }, (_, at_) => (at_ * 7919) & 255));
  for (let count = 0; count < 120; count += 1) {
    writeFileSync(path.join(folder, "huge.bin"), block, { flag: "a" });
  }
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 5);
  const kept = await keep(opened);
  await remove(opened, kept);
  await restore(opened, kept.proof.filesCommit, kept.beside.commit);
  clearInterval(watch);
  expect(peak - before).toBeLessThan(60 * 1024 * 1024);
  expect(statSync(path.join(folder, "huge.bin")).size).toBe(120 * block.length);
  expect(() => runGit(mirror, "rev-parse", `${kept.proof.filesCommit}:huge.bin`)).toThrow();
  const stored = keptPath(at.home, opened.input.repositoryId);
  expect(runGit(stored, "cat-file", "-s", `${kept.beside.commit}:huge.bin`)).toBe(
    String(120 * block.length),
  );
});

describe("ignored files", () => {
  const files = {
    ".env": "SECRET=1\n",
    "data/a.sqlite": Buffer.from([0, 255, 10, 13]),
    "node_modules/x/index.js": "x",
    "cache/big": "cache",
  };
  async function prepare() {
    const opened = await openTestWorkspace(at);
    writeTree(opened.folder, { ".gitignore": ".env\ndata/\nnode_modules/\ncache/\n", ...files });
    return opened;
  }
  const names = (folder: string) =>
    Object.keys(files).filter((name) => existsSync(`${folder}/${name}`));

  test.each<[IgnoredChoice, string[]]>([
    ["keep", [".env", "data/a.sqlite", "cache/big"]],
    ["keep_all", Object.keys(files)],
    ["drop", []],
  ])("with the choice “%s” these come back: %j", async (choice, expected) => {
    const opened = await prepare();
    const { after, before } = await takeAwayAndBringBack(opened, choice);
    expect(names(opened.folder)).toEqual(expected);
    if (choice === "keep_all") expect(after).toEqual(before);
  });

  test("are told apart, counted and sized before anything is done, and stay out of the mirror", async () => {
    const opened = await prepare();
    expect(await auditWorkspace(opened.capture)).toEqual([
      { kind: "unrecorded_files", count: 1, bytes: 32, examples: [".gitignore"] },
      {
        kind: "ignored_files",
        count: 3,
        bytes: 18,
        examples: expect.arrayContaining([".env", "data/"]),
      },
      { kind: "rebuildable_files", count: 1, bytes: 1, examples: ["node_modules/"] },
    ]);
    const { beside } = await keep(opened);
    expect(() => runGit(opened.mirror, "cat-file", "-e", String(beside.commit))).toThrow();
    expect((await keep(opened)).beside).toEqual(beside);
  });
});

test("an audit names what git hides and leaves everything as it is", async () => {
  const opened = await openTestWorkspace(at);
  const { folder, capture } = opened;
  runGit(folder, "update-index", "--skip-worktree", "src/b.txt");
  runGit(folder, "update-index", "--assume-unchanged", "src/c.txt");
  writeTree(folder, { "src/b.txt": "hidden", "src/c.txt": "hidden too" });
  mkdirSync(path.join(folder, "empty/inner"), { recursive: true });
  symlinkSync("/etc/passwd", path.join(folder, "out"));
  symlinkSync("src/b.txt", path.join(folder, "within"));
  runGit(folder, "branch", "side");
  writeTree(folder, { "a.txt": "side" });
  runGit(folder, "commit", "-qam", "Uncollected");
  writeFileSync(path.join(folder, ".git/MERGE_HEAD"), `${at.base}\n`);
  const before = runGit(folder, "status", "--porcelain=v2", "--branch");
  const found = Object.fromEntries(
    (await auditWorkspace(capture)).map(({ kind, count, examples }) => [kind, { count, examples }]),
  );
  expect(found).toMatchObject({
    hidden_changes: { count: 2, examples: ["src/b.txt", "src/c.txt"] },
    uncollected_commits: { count: 1, examples: ["heads/coppice/build/1"] },
    unfinished_work: { count: 1, examples: ["merge"] },
    outward_links: { count: 1, examples: ["out"] },
    empty_folders: { count: 1, examples: ["empty/inner"] },
  });
  expect(runGit(folder, "status", "--porcelain=v2", "--branch")).toBe(before);
});

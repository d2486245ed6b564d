import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Confine } from "@/server/domain/confinement";
import { captureWorkspace } from "./capture-workspace";
import { shadowPath } from "./layout";
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

const show = (mirror: string, name: string) =>
  execFileSync("git", ["--git-dir", mirror, "cat-file", "blob", name]);

test("gives no commit when nothing changed", async () => {
  const { capture } = await openTestWorkspace(at);
  const captured = await captureWorkspace(capture);
  expect(captured).toEqual({
    sha: null,
    tree: null,
    ref: null,
    leftOut: [],
    nestedRepositories: [],
    ignoredFiles: 0,
  });
});

test("stores every byte: edits, deletions, odd names, CRLF, links, hidden changes", async () => {
  const { capture, folder, mirror } = await openTestWorkspace(at);
  runGit(folder, "update-index", "--skip-worktree", "src/b.txt");
  runGit(folder, "update-index", "--assume-unchanged", "src/c.txt");
  writeFileSync(path.join(folder, ".git/info/exclude"), "secretly.txt\n");
  const files = {
    "src/b.txt": "hidden\n",
    "src/c.txt": "also hidden\n",
    "secretly.txt": "excluded",
    ".gitattributes": "*.crlf text eol=lf\n",
    "lines.crlf": "one\r\ntwo\r\n",
    "-rf": "dash",
    "new\nline": "newline",
    "quo\"te'": "quote",
    "deep/er/and/deeper.txt": "deep",
  };
  writeTree(folder, files);
  const odd = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xff, 0x6f])]);
  writeFileSync(odd, "not utf-8");
  symlinkSync("/etc/passwd", path.join(folder, "link"));
  execFileSync("mkfifo", [path.join(folder, "pipe")]);
  rmSync(path.join(folder, "a.txt"));
  const { sha, ref } = await captureWorkspace(capture);
  for (const [name, content] of Object.entries(files)) {
    expect(show(mirror, `${sha}:${name}`).toString()).toBe(content);
  }
  expect(show(mirror, `${sha}:link`).toString()).toBe("/etc/passwd");
  const listed = runGit(mirror, "ls-tree", "-r", "--name-only", String(sha));
  expect(listed).toContain("f\\377o");
  expect(listed).not.toMatch(/^(?:a\.txt|pipe)$/m);
  expect(runGit(mirror, "rev-parse", String(ref), `${sha}^`)).toBe(`${sha}\n${at.base}`);
  runGit(mirror, "fsck", "--strict");
});

test("leaves the agent's branch, index and stash as they are", async () => {
  const { capture, folder } = await openTestWorkspace(at);
  writeTree(folder, { "staged.txt": "x", "loose.txt": "y" });
  runGit(folder, "add", "staged.txt");
  const before = runGit(folder, "status", "--porcelain");
  await captureWorkspace(capture);
  expect(runGit(folder, "status", "--porcelain")).toBe(before);
  expect(runGit(folder, "rev-parse", "HEAD")).toBe(at.base);
});

test("stores the files of repositories made inside as plain files, and names them", async () => {
  const { capture, folder, mirror } = await openTestWorkspace(at);
  for (const name of ["nested", "unborn", "bare-of-files", "nested/inner"]) {
    mkdirSync(path.join(folder, name), { recursive: true });
    runGit(path.join(folder, name), "init", "-q");
  }
  writeTree(folder, { "nested/x": "precious", "unborn/y": "why", "nested/inner/z": "deep" });
  commitAll(path.join(folder, "nested/inner"), "Deep");
  commitAll(path.join(folder, "nested"), "Inside");
  const captured = await captureWorkspace(capture);
  for (const [name, text] of [
    ["nested/x", "precious"],
    ["unborn/y", "why"],
    ["nested/inner/z", "deep"],
  ]) {
    expect(show(mirror, `${captured.sha}:${name}`).toString()).toBe(text);
  }
  expect(captured.nestedRepositories.sort()).toEqual([
    "bare-of-files/",
    "nested/",
    "nested/inner/",
    "unborn/",
  ]);
  const names = runGit(mirror, "ls-tree", "-r", "--name-only", String(captured.sha));
  expect(names).not.toContain("coppice-capture");
  writeTree(folder, { "nested/x": "changed" });
  const next = await captureWorkspace(capture);
  expect(show(mirror, `${next.sha}:nested/x`).toString()).toBe("changed");
});

test("gives the same commit when it is done again, and the next number when files changed", async () => {
  const { capture, folder, input } = await openTestWorkspace(at);
  writeTree(folder, { "new.txt": "1" });
  const first = await captureWorkspace(capture);
  const again = await captureWorkspace(capture);
  expect(again).toEqual(first);
  expect(first.ref).toBe(`refs/coppice/snapshots/${input.runId}/1`);
  writeTree(folder, { "new.txt": "2" });
  const second = await captureWorkspace(capture);
  expect(second.ref).toBe(`refs/coppice/snapshots/${input.runId}/2`);
});

test("gives the same commit id in two workspaces when the time is fixed", async () => {
  const captured = [];
  for (const _ of [1, 2]) {
    const { capture, folder } = await openTestWorkspace(at);
    writeTree(folder, { "new.txt": "1" });
    captured.push((await captureWorkspace({ ...capture, at: new Date(1e12) })).sha);
  }
  expect(captured[0]).toBe(captured[1]);
});

test("leaves out files over the size limit and names them", async () => {
  const { capture, folder, mirror } = await openTestWorkspace(at);
  writeTree(folder, { "big.bin": Buffer.alloc(3000), "small.txt": "small" });
  const captured = await captureWorkspace({ ...capture, maxFileBytes: 2000 });
  expect(captured.leftOut).toEqual([{ path: "big.bin", why: expect.stringMatching(/^larger/) }]);
  expect(show(mirror, `${captured.sha}:small.txt`).toString()).toBe("small");
});

test("stores a file of 30 MB in the mirror itself, where it stays when the workspace is gone", async () => {
  const { capture, folder, mirror, input } = await openTestWorkspace(at);
  writeTree(folder, { "large.bin": randomBytes(30 * 1024 * 1024) });
  const { sha, leftOut } = await captureWorkspace(capture);
  expect(leftOut).toEqual([]);
  rmSync(shadowPath(input.home, input.workspaceId), { recursive: true });
  expect(runGit(mirror, "cat-file", "-s", `${sha}:large.bin`)).toBe(String(30 * 1024 * 1024));
  runGit(mirror, "fsck", "--strict", "--no-dangling");
});

test("stores all but the unreadable files, and names those", async () => {
  const asNobody: Confine = (argv) => [
    ...["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
    ...argv,
  ];
  const isRoot = process.getuid?.() === 0;
  const { capture, folder, mirror, input } = await openTestWorkspace(at);
  const names = Array.from({ length: 20 }, (_, index) => `f${index}.txt`);
  writeTree(folder, Object.fromEntries(names.map((name) => [name, name])));
  writeTree(folder, { "closed/in.txt": "in" });
  await captureWorkspace({ ...capture, maxFileBytes: 0 });
  chmodSync(path.join(folder, "f3.txt"), 0);
  chmodSync(path.join(folder, "f11.txt"), 0);
  chmodSync(path.join(folder, "closed"), 0);
  if (isRoot) {
    chmodSync(at.root, 0o755);
    execFileSync("chown", ["-R", "65534", shadowPath(input.home, input.workspaceId)]);
  }
  const confine = isRoot ? asNobody : input.confine;
  const captured = await captureWorkspace({ ...capture, confine });
  expect(captured.leftOut.map((left) => left.path).sort()).toEqual([
    "closed/",
    "f11.txt",
    "f3.txt",
  ]);
  expect(show(mirror, `${captured.sha}:f19.txt`).toString()).toBe("f19.txt");
});

test("takes no deletion for one that a sparse checkout made", async () => {
  const { capture, folder } = await openTestWorkspace(at);
  runGit(folder, "sparse-checkout", "set", "--no-cone", "/a.txt");
  expect(existsSync(path.join(folder, "src/b.txt"))).toBe(false);
  expect((await captureWorkspace(capture)).sha).toBeNull();
});

test("follows a file that became a folder, and a folder that became a link", async () => {
  const { capture, folder, mirror } = await openTestWorkspace(at);
  rmSync(path.join(folder, "a.txt"));
  writeTree(folder, { "a.txt/inside.txt": "inside" });
  rmSync(path.join(folder, "src"), { recursive: true });
  symlinkSync("/etc", path.join(folder, "src"));
  const { sha, leftOut } = await captureWorkspace(capture);
  expect(leftOut).toEqual([]);
  expect(runGit(mirror, "ls-tree", "-r", "--name-only", String(sha))).toBe(
    ".gitignore\na.txt/inside.txt\nsrc",
  );
});

test("works without the agent's git folder, and without its own private one", async () => {
  const { capture, folder, mirror, input } = await openTestWorkspace(at);
  rmSync(path.join(folder, ".git"), { recursive: true });
  rmSync(shadowPath(input.home, input.workspaceId), { recursive: true });
  writeTree(folder, { "new.txt": "new" });
  const { sha } = await captureWorkspace(capture);
  expect(runGit(mirror, "diff", "--name-status", at.base, String(sha))).toBe("A\tnew.txt");
});

test("counts ignored paths and leaves them out", async () => {
  const { capture, folder } = await openTestWorkspace(at);
  writeTree(folder, { ".gitignore": "*.o\nnode_modules/\n", "x.o": "", "node_modules/a/b": "" });
  expect((await captureWorkspace(capture)).ignoredFiles).toBe(2);
});

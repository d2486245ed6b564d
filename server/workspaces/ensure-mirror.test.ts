import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { repositoryIdSchema } from "@/server/domain/ids";
import { ensureMirror } from "./ensure-mirror";
import { mirrorPath } from "./layout";
import { maintainMirror } from "./maintain-mirror";
import { resolveBase } from "./resolve-base";
import {
  commitAll,
  makeTestHome,
  removeTestHome,
  runGit,
  type TestHome,
  writeTree,
} from "./testing";

let at: TestHome;
let input: { home: string; origin: string; repositoryId: ReturnType<typeof newId> };
const newId = () => repositoryIdSchema.parse(randomUUID());
beforeEach(() => {
  at = makeTestHome();
  input = { home: at.home, origin: at.origin, repositoryId: newId() };
});
afterEach(() => removeTestHome(at));

const base = (more: object = {}) =>
  resolveBase({ ...input, baseRef: null, defaultBranch: "main", branch: null, ...more });

test("brings the origin's branches and tags, and nothing else of it", async () => {
  runGit(at.origin, "tag", "v1");
  runGit(at.origin, "update-ref", "refs/other/secret", at.base);
  const mirror = await ensureMirror(input);
  expect(mirror.hasFetched).toBe(true);
  expect(runGit(mirror.path, "for-each-ref", "--format=%(refname)").split("\n")).toEqual([
    "refs/remotes/origin/main",
    "refs/tags/v1",
  ]);
});

test("fetches only when a local origin has changed", async () => {
  await ensureMirror(input);
  expect((await ensureMirror(input)).hasFetched).toBe(false);
  const next = commitAll(at.origin, "Next");
  expect((await ensureMirror(input)).hasFetched).toBe(true);
  expect((await base()).sha).toBe(next);
  runGit(at.origin, "pack-refs", "--all");
  commitAll(at.origin, "After packing");
  expect((await ensureMirror(input)).hasFetched).toBe(true);
  expect((await ensureMirror(input)).hasFetched).toBe(false);
});

test("fetches once for many callers at the same time", async () => {
  const mirrors = await Promise.all(Array.from({ length: 8 }, () => ensureMirror(input)));
  expect(mirrors.filter(({ hasFetched }) => hasFetched)).toHaveLength(1);
});

test("never drops a ref of its own or a branch that the origin deleted", async () => {
  runGit(at.origin, "branch", "short-lived");
  const { path: mirror } = await ensureMirror(input);
  runGit(mirror, "update-ref", "refs/coppice/keep/x", at.base);
  runGit(at.origin, "branch", "-D", "short-lived");
  await ensureMirror(input);
  expect(runGit(mirror, "rev-parse", "refs/coppice/keep/x", "origin/short-lived")).toContain(
    at.base,
  );
});

test("takes over the lock of a dead process and a half-made mirror", async () => {
  const mirror = mirrorPath(at.home, input.repositoryId);
  mkdirSync(path.join(mirror, "objects"), { recursive: true });
  const dead = { pid: 2 ** 22 + 1, startTicks: "1", bootId: "x", nonce: "n" };
  writeFileSync(`${mirror}.lock`, JSON.stringify(dead));
  await ensureMirror(input);
  expect((await base()).sha).toBe(at.base);
});

test("mends a mirror whose HEAD and config somebody deleted, and loses no ref or object", async () => {
  const { path: mirror } = await ensureMirror(input);
  const kept = runGit(mirror, "commit-tree", `${at.base}^{tree}`, "-m", "kept");
  runGit(mirror, "update-ref", "refs/coppice/keep/x/1/HEAD", kept);
  for (const name of ["HEAD", "config", "coppice-fetch.json"]) rmSync(path.join(mirror, name));
  await ensureMirror(input);
  expect(runGit(mirror, "rev-parse", "refs/coppice/keep/x/1/HEAD")).toBe(kept);
  expect((await base()).sha).toBe(at.base);
  runGit(mirror, "fsck", "--strict");
});

test("gets past ref locks that a killed git left behind", async () => {
  const { path: mirror } = await ensureMirror(input);
  writeFileSync(path.join(mirror, "refs/remotes/origin/main.lock"), "");
  const next = commitAll(at.origin, "Next");
  await ensureMirror(input);
  expect((await base()).sha).toBe(next);
});

test("mirrors a repository with SHA-256 object ids", async () => {
  const origin = path.join(at.root, "sha256");
  runGit(at.root, "init", "-q", "-b", "main", "--object-format=sha256", origin);
  const head = commitAll(origin, "Long");
  input = { ...input, origin };
  await ensureMirror(input);
  expect((await base()).sha).toBe(head);
});

test("finds a base by branch, tag, commit id or one of our own branches", async () => {
  runGit(at.origin, "branch", "feature/x", "HEAD~1");
  runGit(at.origin, "tag", "-a", "v1", "-m", "v1", "HEAD~1");
  const first = runGit(at.origin, "rev-parse", "HEAD~1");
  const { path: mirror } = await ensureMirror(input);
  runGit(mirror, "update-ref", "refs/heads/coppice/build/1", first);
  expect(await base()).toEqual({ sha: at.base, ref: "refs/remotes/origin/main" });
  for (const [baseRef, ref] of [
    ["feature/x", "refs/remotes/origin/feature/x"],
    ["v1", "refs/tags/v1"],
    ["coppice/build/1", "refs/heads/coppice/build/1"],
    [first.slice(0, 10), first],
  ]) {
    expect(await base({ baseRef })).toEqual({ sha: first, ref });
  }
  expect(await base({ branch: "coppice/build/1" })).toMatchObject({ sha: first });
  expect(await base({ branch: "new/one" })).toMatchObject({ sha: at.base });
});

test("starts a branch at the origin's head when that is ahead of ours, else at ours", async () => {
  const { path: mirror } = await ensureMirror(input);
  runGit(mirror, "update-ref", "refs/heads/main", `${at.base}~1`);
  expect((await base({ branch: "main" })).ref).toBe("refs/remotes/origin/main");
  writeTree(at.origin, { "x.txt": "x" });
  runGit(mirror, "update-ref", "refs/heads/main", at.base);
  runGit(mirror, "update-ref", "refs/remotes/origin/main", `${at.base}~1`);
  expect((await base({ branch: "main" })).ref).toBe("refs/heads/main");
});

test("names what there is when the base does not exist, and refuses tricks", async () => {
  await ensureMirror(input);
  await expect(base({ baseRef: "nope" })).rejects.toMatchObject({
    code: "unprocessable",
    hint: "There are: main.",
  });
  await expect(base({ baseRef: "--upload-pack=x" })).rejects.toMatchObject({ code: "bad_input" });
  await expect(base({ branch: "a..b" })).rejects.toMatchObject({ code: "bad_input" });
});

test("follows an origin where a branch became a folder of branches, and keeps the old one", async () => {
  runGit(at.origin, "branch", "topic", "HEAD~1");
  const { path: mirror } = await ensureMirror(input);
  const old = runGit(mirror, "rev-parse", "origin/topic");
  runGit(at.origin, "branch", "-D", "topic");
  runGit(at.origin, "branch", "topic/one");
  await ensureMirror(input);
  expect((await base({ baseRef: "topic/one" })).sha).toBe(at.base);
  expect(runGit(mirror, "rev-parse", `refs/coppice/gone/${old}`)).toBe(old);
});

test("keeps every object when it packs the mirror", async () => {
  const { path: mirror } = await ensureMirror(input);
  const forgotten = runGit(mirror, "commit-tree", `${at.base}^{tree}`, "-m", "forgotten");
  await maintainMirror(input);
  expect(runGit(mirror, "cat-file", "-t", forgotten)).toBe("commit");
  expect(runGit(mirror, "count-objects", "-v")).toMatch(/^in-pack: [1-9]/m);
  expect((await base()).sha).toBe(at.base);
});

import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { workspaceIdSchema } from "@/server/domain/ids";
import { captureWorkspace } from "./capture-workspace";
import { ensureMirror } from "./ensure-mirror";
import { sparesPath, workspacePath } from "./layout";
import { refillSpares, takeSpare } from "./spare-workspaces";
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

/** Refills until nothing is missing; answers how many were made. */
async function fill(repositoryId: Parameters<typeof sparesPath>[1], count: number) {
  const { home, origin, base } = at;
  let made = 0;
  while (await refillSpares({ home, repositoryId, origin, head: base, count })) made += 1;
  return made;
}

test("a workspace made from a spare is the same as one made from nothing, on its own branch", async () => {
  const plain = await openTestWorkspace(at);
  const { repositoryId } = plain.input;
  expect(await fill(repositoryId, 2)).toBe(2);
  expect(await fill(repositoryId, 2)).toBe(0);
  const other = await openTestWorkspace(at, { repositoryId, branch: "coppice/spare/one" });
  expect(readdirSync(sparesPath(at.home, repositoryId))).toHaveLength(1);
  expect(runGit(other.folder, "status", "--porcelain=v1", "--branch")).toBe("## coppice/spare/one");
  expect(runGit(other.folder, "rev-parse", "HEAD")).toBe(at.base);
  expect(runGit(other.folder, "branch", "--list")).toBe("* coppice/spare/one");
  for (const name of readdirSync(plain.folder).filter((one) => one !== ".git")) {
    expect(existsSync(path.join(other.folder, name))).toBe(true);
  }
  const config = (folder: string) => readFileSync(path.join(folder, ".git/config"), "utf8");
  expect(config(other.folder)).toBe(config(plain.folder));
  expect(await captureWorkspace(other.capture)).toMatchObject({ sha: null, leftOut: [] });
});

test("one spare goes to one of many who want it at once", async () => {
  const { input } = await openTestWorkspace(at);
  await fill(input.repositoryId, 1);
  const many = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      openTestWorkspace(at, { repositoryId: input.repositoryId, branch: `many/${index}` }),
    ),
  );
  for (const [index, { folder }] of many.entries()) {
    expect(runGit(folder, "branch", "--show-current")).toBe(`many/${index}`);
    expect(runGit(folder, "status", "--porcelain")).toBe("");
  }
  expect(readdirSync(sparesPath(at.home, input.repositoryId))).toEqual([]);
});

test("a worker killed after it took a spare leaves nothing in the way of the next one", async () => {
  const { input } = await openTestWorkspace(at);
  const { home } = at;
  const { repositoryId } = input;
  await fill(repositoryId, 1);
  const workspaceId = workspaceIdSchema.parse(randomUUID());
  const place = workspacePath(home, repositoryId, workspaceId);
  const temporary = `${place}.new-${randomUUID()}`;
  expect(await takeSpare({ home, repositoryId, workspaceId, head: at.base, temporary })).toBe(true);
  const next = await openTestWorkspace(at, { repositoryId, workspaceId, branch: "after/kill" });
  expect(existsSync(temporary)).toBe(false);
  expect(runGit(next.folder, "status", "--porcelain=v1", "--branch")).toBe("## after/kill");
  expect(await captureWorkspace(next.capture)).toMatchObject({ sha: null, leftOut: [] });
});

test("spares of a commit that is no longer wanted are removed", async () => {
  const { input } = await openTestWorkspace(at);
  await fill(input.repositoryId, 2);
  writeTree(at.origin, { "later.txt": "later\n" });
  const head = commitAll(at.origin, "later");
  await ensureMirror(input);
  const { home, origin } = at;
  const { repositoryId } = input;
  expect(await refillSpares({ home, repositoryId, origin, head, count: 1 })).toBe(true);
  const left = readdirSync(sparesPath(home, repositoryId));
  expect(left.map((name) => name.slice(0, head.length))).toEqual([head]);
});

test("a half-made spare is never taken, and the next refill removes it", async () => {
  const { input } = await openTestWorkspace(at);
  await fill(input.repositoryId, 1);
  const folder = sparesPath(at.home, input.repositoryId);
  const [spare = ""] = readdirSync(folder);
  renameSync(path.join(folder, spare), path.join(folder, `${spare}.half`));
  const next = await openTestWorkspace(at, { repositoryId: input.repositoryId, branch: "fresh" });
  expect(runGit(next.folder, "status", "--porcelain")).toBe("");
  expect(readdirSync(folder)).toEqual([`${spare}.half`]);
  await fill(input.repositoryId, 0);
  expect(readdirSync(folder)).toEqual([]);
});

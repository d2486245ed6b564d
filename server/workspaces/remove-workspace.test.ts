import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shadowPath, trashPath } from "./layout";
import { measureWorkspace } from "./measure-workspace";
import { openWorkspace } from "./open-workspace";
import { proveWorkspace } from "./prove-workspace";
import { emptyTrash, type RemoveWorkspace, removeWorkspace } from "./remove-workspace";
import {
  commitAll,
  makeTestHome,
  openTestWorkspace,
  removeTestHome,
  runGit,
  type TestHome,
  writeTree,
} from "./testing";

const installationId = "11111111-1111-4111-8111-111111111111";
let at: TestHome;
beforeEach(() => {
  at = makeTestHome();
  writeFileSync(path.join(at.home, "installation"), `${installationId}\n`);
});
afterEach(() => removeTestHome(at));

async function prepare() {
  const workspace = await openTestWorkspace(at);
  const remove = async (more: Partial<RemoveWorkspace> = {}) => {
    const capture = more.capture ?? (await proveWorkspace(workspace.capture));
    await removeWorkspace({ ...workspace.input, installationId, capture, ...more });
  };
  return { ...workspace, remove };
}

test("removes a workspace whose work is kept, which can then be made again", async () => {
  const { folder, remove, input, mirror, capture } = await prepare();
  writeTree(folder, { "one.txt": "1" });
  const head = commitAll(folder, "One");
  writeTree(folder, { "left.txt": "left" });
  const proof = await proveWorkspace(capture);
  await remove({ capture: proof });
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(shadowPath(at.home, input.workspaceId))).toBe(false);
  expect(readdirSync(trashPath(at.home))).toEqual([]);
  expect(runGit(mirror, "for-each-ref", `--contains=${head}`)).toContain("keep");
  await openWorkspace({ ...input, mode: "continue", headCommit: proof.filesCommit });
  expect(existsSync(path.join(folder, "left.txt"))).toBe(true);
  await remove();
  await remove({ capture: proof });
});

test("refuses under another installation, without a mark, and with another's proof", async () => {
  const { folder, remove } = await prepare();
  const other = await prepare();
  const foreign = await proveWorkspace(other.capture);
  await expect(remove({ capture: foreign })).rejects.toMatchObject({ reason: "wrong_proof" });
  const wrong = remove({ installationId: "22222222-2222-4222-8222-222222222222" });
  await expect(wrong).rejects.toMatchObject({ reason: "other_installation" });
  rmSync(path.join(at.home, "installation"));
  await expect(remove()).rejects.toMatchObject({ reason: "other_installation" });
  await expect(emptyTrash(at.home, installationId)).rejects.toThrow();
  expect(existsSync(folder)).toBe(true);
});

test("refuses while anything is not stored", async () => {
  const { folder, remove, capture, mirror } = await prepare();
  const expectRefusal = async (reason: string, more: Partial<RemoveWorkspace> = {}) => {
    await expect(remove(more)).rejects.toMatchObject({ reason });
    expect(existsSync(path.join(folder, "a.txt"))).toBe(true);
  };
  const proof = await proveWorkspace(capture);
  const old = { ...proof, takenAt: new Date(Date.now() - 3_600_000) };
  await expectRefusal("old_proof", { capture: old });
  writeFileSync(path.join(folder, "huge.bin"), Buffer.alloc(51 * 1024 * 1024));
  await expectRefusal("files_left_out");
  rmSync(path.join(folder, "huge.bin"));
  writeTree(folder, { "cache/x": "x" });
  await expectRefusal("ignored_files");
  writeFileSync(path.join(folder, ".git/MERGE_HEAD"), `${at.base}\n`);
  await expectRefusal("unfinished_work");
  rmSync(path.join(folder, ".git/MERGE_HEAD"));
  renameSync(path.join(folder, ".git"), path.join(folder, "..", "git-away"));
  await expectRefusal("commits_left_out");
  renameSync(path.join(folder, "..", "git-away"), path.join(folder, ".git"));
  writeTree(folder, { "left.txt": "left" });
  const kept = await proveWorkspace(capture);
  runGit(mirror, "update-ref", "-d", kept.capture.ref ?? "");
  await expectRefusal("not_in_mirror", { capture: kept, mayLoseIgnored: true });
  commitAll(folder, "Work");
  const collected = await proveWorkspace(capture);
  runGit(mirror, "update-ref", "-d", collected.collected.refs[0]?.name ?? "");
  await expectRefusal("not_in_mirror", { capture: collected, mayLoseIgnored: true });
  await remove({ mayLoseIgnored: true });
  expect(existsSync(folder)).toBe(false);
});

test("refuses while one file of the capture is missing in the mirror", async () => {
  const { folder, remove, capture, mirror } = await prepare();
  writeTree(folder, { "deep/left.txt": "left" });
  const proof = await proveWorkspace(capture);
  const blob = runGit(mirror, "rev-parse", `${proof.filesCommit}:deep/left.txt`);
  const object = path.join(mirror, "objects", blob.slice(0, 2), blob.slice(2));
  renameSync(object, path.join(at.root, "away"));
  await expect(remove({ capture: proof })).rejects.toMatchObject({ reason: "not_in_mirror" });
  expect(existsSync(path.join(folder, "deep/left.txt"))).toBe(true);
  renameSync(path.join(at.root, "away"), object);
  await remove({ capture: proof });
});

test("empties the trash that a killed removal left", async () => {
  writeTree(path.join(trashPath(at.home), "half-removed"), { "a/b": "x" });
  expect(await emptyTrash(at.home, installationId)).toBe(1);
  expect(readdirSync(trashPath(at.home))).toEqual([]);
});

test("measures what a workspace takes, up to a bound", async () => {
  const { input, folder } = await prepare();
  writeTree(folder, { "big.bin": Buffer.alloc(1024 * 1024, 1) });
  const size = await measureWorkspace(input);
  expect(size.bytes).toBeGreaterThan(1024 * 1024);
  expect(size.isComplete).toBe(true);
  expect(await measureWorkspace({ ...input, maxFiles: 3 })).toMatchObject({
    files: 3,
    isComplete: false,
  });
});

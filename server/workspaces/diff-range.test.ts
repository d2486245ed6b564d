import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { splitPatch } from "@/server/domain/split-patch";
import { collectCommits } from "./collect-commits";
import { diffRange } from "./diff-range";
import {
  commitAll,
  makeTestHome,
  openTestWorkspace,
  removeTestHome,
  type TestHome,
  writeTree,
} from "./testing";

let at: TestHome;
beforeEach(() => {
  at = makeTestHome();
});
afterEach(() => removeTestHome(at));

test("lists what became of each file, leaves huge ones out and gives them by their path", async () => {
  const { input, folder } = await openTestWorkspace(at);
  writeTree(folder, {
    "run.sh": "echo\n",
    "t.txt": "text\n",
    "ä b.txt": "1\n",
    "space.txt": "a b\n",
  });
  writeTree(folder, { "moved.txt": "1\n2\n3\n4\n5\n" });
  const one = commitAll(folder, "One");
  chmodSync(path.join(folder, "run.sh"), 0o755);
  rmSync(path.join(folder, "t.txt"));
  symlinkSync("a.txt", path.join(folder, "t.txt"));
  mkdirSync(path.join(folder, "to"));
  renameSync(path.join(folder, "moved.txt"), path.join(folder, "to/moved.txt"));
  rmSync(path.join(folder, "src/c.txt"));
  writeTree(folder, {
    "ä b.txt": "2\n",
    "bin.dat": Buffer.from([0, 1, 2]),
    "min.js": `${"x".repeat(5_000_000)}\n`,
    "space.txt": "a  b\n",
  });
  const two = commitAll(folder, "Two");
  await collectCommits(input);
  const range = { ...input, from: one, to: two, maxBytes: 1e7 };
  const diff = await diffRange(range);
  expect(diff).toMatchObject({ files: 8, additions: 4, deletions: 4, isCut: false });
  const told = diff.changes.map((change) => [
    ...[change.path, change.previousPath, change.kind, change.additions, change.deletions],
  ]);
  expect(told).toEqual([
    ["bin.dat", null, "added", 0, 0],
    ["min.js", null, "added", 1, 0],
    ["run.sh", null, "mode", 0, 0],
    ["space.txt", null, "modified", 1, 1],
    ["src/c.txt", null, "deleted", 0, 1],
    ["t.txt", null, "type", 1, 1],
    ["to/moved.txt", "moved.txt", "renamed", 0, 0],
    ["ä b.txt", null, "modified", 1, 1],
  ]);
  expect(diff.changes[0]).toMatchObject({ isBinary: true, bytes: 3 });
  expect(diff.changes[1]).toMatchObject({ isHuge: true, bytes: 5_000_001 });
  expect(diff.changes[2]).toMatchObject({ oldMode: "100644", newMode: "100755" });
  const shown = splitPatch(diff.patch).map(({ newPath, oldPath }) => newPath ?? oldPath);
  expect(new Set(shown)).toEqual(
    new Set(["bin.dat", "run.sh", "space.txt", "src/c.txt", "t.txt", "to/moved.txt", "ä b.txt"]),
  );
  const alone = await diffRange({ ...range, path: "min.js" });
  expect(alone).toMatchObject({ files: 1, additions: 1, isCut: false });
  expect(alone.patch.length).toBeGreaterThan(5_000_000);
  const renamed = await diffRange({ ...range, path: "to/moved.txt" });
  expect(renamed.patch).toContain("rename from moved.txt");
  expect(await diffRange({ ...range, path: "none" })).toMatchObject({ files: 0, patch: "" });

  const calm = await diffRange({ ...range, isSpaceIgnored: true });
  expect(calm.changes.map((change) => change.path)).not.toContain("space.txt");
  expect(calm).toMatchObject({ files: 7, additions: 3 });
  expect(calm.patch).not.toContain("space.txt");
  expect(await diffRange({ ...range, from: two, to: one })).toMatchObject({ files: 8 });
});

test("hands on text with a NUL far inside, which git takes for text", async () => {
  const { input, folder } = await openTestWorkspace(at);
  writeFileSync(path.join(folder, "late.txt"), `${"line\n".repeat(3000)}\0late\n`);
  const head = commitAll(folder, "Late");
  await collectCommits(input);
  const { patch } = await diffRange({ ...input, from: at.base, to: head, maxBytes: 1e6 });
  expect(patch).toContain("+\uFFFDlate");
  expect(patch).not.toContain("\0");
});

import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shaSchema } from "@/server/domain/ids";
import { collectCommits } from "./collect-commits";
import { restoreBranch } from "./restore-branch";
import { type RestorePatch, restorePatch } from "./restore-patch";
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

async function prepare(files: Record<string, string | Buffer>) {
  const { input, folder, mirror } = await openTestWorkspace(at);
  writeTree(folder, files);
  const head = commitAll(folder, "Work");
  await collectCommits(input);
  const file = path.join(at.root, "making", "x.patch");
  const make = (more: Partial<RestorePatch> = {}) => {
    const range = { from: at.base, to: head, file, maxBytes: 1e9, onPiece: async () => {} };
    return restorePatch({ ...input, ...range, ...more });
  };
  return { input, folder, mirror, head, file, make };
}

test("memory stays flat while a patch of 60 MB is made and taken slowly", async () => {
  const { make, head, mirror } = await prepare({ "random.bin": randomBytes(45 * 1024 * 1024) });
  const target = path.join(at.root, "taken.patch");
  const before = process.memoryUsage().rss;
  let peak = before;
  const { bytes } = await make({
    onPiece: async (piece) => {
      writeFileSync(target, piece, { flag: "a" });
      peak = Math.max(peak, process.memoryUsage().rss);
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
  expect(bytes).toBeGreaterThan(50 * 1024 * 1024);
  expect(peak - before).toBeLessThan(40 * 1024 * 1024);
  execFileSync("git", ["apply", "--index", target], { cwd: at.origin });
  expect(runGit(at.origin, "write-tree")).toBe(runGit(mirror, "rev-parse", `${head}^{tree}`));
});

test("a patch that is too large is refused, and nothing of it is left", async () => {
  const { make, file } = await prepare({ "random.bin": randomBytes(10_000) });
  await expect(make({ maxBytes: 1000 })).rejects.toMatchObject({
    code: "unprocessable",
    hint: expect.stringContaining("branch"),
  });
  expect(existsSync(file)).toBe(false);
});

test("a commit that this host does not have is named before anything is made", async () => {
  const { make, input, file } = await prepare({ x: "x" });
  const sha = shaSchema.parse("0123456789".repeat(4));
  await expect(make({ to: sha })).rejects.toMatchObject({ code: "not_found" });
  await expect(restoreBranch({ ...input, branch: "b", sha })).rejects.toMatchObject({
    code: "not_found",
  });
  expect(existsSync(file)).toBe(false);
});

test("one of many who want the same new branch at once makes it, and the rest see it or another name", async () => {
  const { input, head, mirror } = await prepare({ x: "x" });
  const same = Array.from({ length: 4 }, () =>
    restoreBranch({ ...input, branch: "one", sha: head }),
  );
  await Promise.all(same);
  expect(runGit(mirror, "rev-parse", "refs/heads/one")).toBe(head);
  const other = restoreBranch({ ...input, branch: "one", sha: at.base });
  await expect(other).rejects.toMatchObject({ hint: "“one-2” is free." });
  const below = restoreBranch({ ...input, branch: "one/two", sha: at.base });
  await expect(below).rejects.toMatchObject({ hint: "“one-two-2” is free." });
  const taken = restoreBranch({ ...input, branch: "main", sha: at.base });
  await expect(taken).rejects.toMatchObject({ code: "conflict" });
  await expect(restoreBranch({ ...input, branch: "-x", sha: head })).rejects.toMatchObject({
    code: "bad_input",
  });
  expect(runGit(mirror, "rev-parse", "refs/heads/one")).toBe(head);
});

import { execFileSync } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sha, workspaceIdSchema } from "@/server/domain/ids";
import { restoreBranch } from "./restore-branch";
import { restorePatch } from "./restore-patch";
import { restoreWorkspace } from "./restore-workspace";
import { openTestWorkspace, removeTestHome, runGit, type TestHome } from "./testing";
import { keep, makeMarkedHome, type Opened, remove } from "./testing-keep";
import { changeAtRandom, describeCommit, describeTree, seededRandom } from "./testing-random";

const runs = 100;
/** Set it to repeat what a failure printed. */
const seed = Number(process.env.COPPICE_TEST_SEED ?? randomInt(1_000_000));

let at: TestHome;
beforeAll(() => {
  at = makeMarkedHome();
});
afterAll(() => removeTestHome(at));

test(`gives back the work of ${runs} random removed runs byte for byte, in all three ways (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const first = await openTestWorkspace(at);
  const { repositoryId } = first.input;
  let sizes = 0;
  for (let number = 1; number <= runs; number += 1) {
    const run = await openTestWorkspace(at, {
      repositoryId,
      branch: `coppice/build/${number + 1}`,
    });
    changeAtRandom(run.folder, random);
    const before = describeTree(run.folder);
    sizes += Object.keys(before).length;
    const sha = await keepAndRemove(run);
    const which = `seed ${seed}, run ${number}`;
    expect(existsSync(run.folder), which).toBe(false);
    expect(await restoreAsWorkspace(run, sha), `${which}, workspace`).toEqual(before);
    expect(await restoreAsBranch(run, sha, `back/${number}`), `${which}, branch`).toEqual(before);
    expect(await restoreAsPatch(run, sha), `${which}, patch`).toEqual(before);
  }
  expect(sizes).toBeGreaterThan(runs * 5);
  runGit(first.mirror, "fsck", "--strict", "--no-dangling");
}, 240_000);

async function keepAndRemove(run: Opened): Promise<Sha> {
  const kept = await keep(run);
  expect(kept.proof.capture.leftOut).toEqual([]);
  await remove(run, kept);
  return kept.proof.filesCommit;
}

async function restoreAsWorkspace({ input }: Opened, sha: Sha) {
  const workspaceId = workspaceIdSchema.parse(randomUUID());
  const branch = `restored/${workspaceId.slice(0, 8)}`;
  const opened = await restoreWorkspace({ ...input, workspaceId, branch, sha, baseCommit: sha });
  expect(runGit(opened.path, "status", "--porcelain=v1", "--branch")).toBe(`## ${branch}`);
  const tree = describeTree(opened.path);
  rmSync(opened.path, { recursive: true });
  return tree;
}

async function restoreAsBranch({ input, mirror }: Opened, sha: Sha, branch: string) {
  await restoreBranch({ ...input, branch, sha });
  return describeCommit(mirror, `refs/heads/${branch}`);
}

/** Applied as a person would: with git, in a checkout of the base of their own. */
async function restoreAsPatch({ input }: Opened, sha: Sha) {
  const pieces: Buffer[] = [];
  const file = path.join(at.home, "patches", randomUUID());
  const onPiece = async (piece: Buffer) => void pieces.push(Buffer.from(piece));
  const range = { ...input, from: at.base, to: sha, file, maxBytes: 1e9, onPiece };
  await restorePatch(range);
  expect(readdirSync(path.dirname(file))).toEqual([]);
  const checkout = path.join(at.root, "checkout");
  rmSync(checkout, { recursive: true, force: true });
  runGit(at.root, "clone", "-q", at.origin, checkout);
  const apply = ["apply", "--index", "--whitespace=nowarn", "--allow-empty", "-"];
  execFileSync("git", apply, { cwd: checkout, input: Buffer.concat(pieces) });
  expect(runGit(checkout, "write-tree")).toBe(
    runGit(mirrorOf(input), "rev-parse", `${sha}^{tree}`),
  );
  return describeTree(checkout);
}

const mirrorOf = ({ home, repositoryId }: Opened["input"]) =>
  path.join(home, "repositories", `${repositoryId}.git`);

import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { Sha } from "@/server/domain/ids";
import type { IgnoredChoice } from "@/server/domain/workspace-audit";
import { keepWorkspace } from "./keep-workspace";
import { removeWorkspace } from "./remove-workspace";
import { restoreWorkspace } from "./restore-workspace";
import { makeTestHome, type openTestWorkspace, runGit, type TestHome } from "./testing";
import { describeTree } from "./testing-random";

/** Taking workspaces away and bringing them back, as a worker does it; for tests only. */
const installationId = "11111111-1111-4111-8111-111111111111";

/** A home that workspaces may be removed from. */
export function makeMarkedHome(): TestHome {
  const at = makeTestHome();
  writeFileSync(path.join(at.home, "installation"), installationId);
  return at;
}

export type Opened = Awaited<ReturnType<typeof openTestWorkspace>>;
type Kept = Awaited<ReturnType<typeof keep>>;

export const keep = ({ input, capture }: Opened, ignored: IgnoredChoice = "keep") =>
  keepWorkspace({ ...capture, branch: input.branch, ignored });

export const remove = ({ input }: Opened, { proof }: Kept) =>
  removeWorkspace({
    ...input,
    ...{ installationId, capture: proof, mayLoseIgnored: true, mayLoseUnfinished: true },
  });

export const restore = ({ input }: Opened, sha: Sha, keptFilesCommit: Sha | null = null) =>
  restoreWorkspace({ ...input, sha, keptFilesCommit });

export const isHeld = (mirror: string, sha: string) =>
  runGit(mirror, "for-each-ref", `--contains=${sha}`) !== "";

/** Kept, removed and made again: the files before and after. */
export async function takeAwayAndBringBack(opened: Opened, ignored: IgnoredChoice = "keep") {
  const kept = await keep(opened, ignored);
  const before = describeTree(opened.folder);
  expect(kept.proof.capture.leftOut).toEqual([]);
  await remove(opened, kept);
  expect(existsSync(opened.folder)).toBe(false);
  await restore(opened, kept.proof.filesCommit, kept.beside.commit);
  return { kept, before, after: describeTree(opened.folder) };
}

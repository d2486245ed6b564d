import { randomUUID } from "node:crypto";
import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { Sha } from "@/server/domain/ids";
import { exists } from "./exists";
import { shadowPath } from "./layout";
import { storeBytesAsTheyAre, writeGitFolder } from "./write-git-folder";

/**
 * Makes a workspace's private git folder, which only the server writes: snapshots are taken with its
 * index and config, never with the agent's. A present one is left as it is.
 */
export async function writeShadow(input: {
  home: string;
  /** The id of the workspace, or of a spare checkout. */
  workspaceId: string;
  mirror: string;
  head: Sha;
}): Promise<string> {
  const shadow = shadowPath(input.home, input.workspaceId);
  if (await exists(path.join(shadow, "HEAD"))) return shadow;
  const temporary = `${shadow}.new-${randomUUID()}`;
  await mkdir(path.dirname(shadow), { recursive: true });
  writeGitFolder(temporary, {
    head: input.head,
    isBare: false,
    isSha256: input.head.length === 64,
    borrowsFrom: path.join(input.mirror, "objects"),
    attributes: storeBytesAsTheyAre,
  });
  await rm(shadow, { recursive: true, force: true });
  await rename(temporary, shadow);
  return shadow;
}

/**
 * Copies the index of a checkout that nobody is working in, so that the next git to use it need not
 * read every file again: all of them are older than the copy.
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  const temporary = `${to}.${randomUUID()}`;
  await copyFile(from, temporary);
  await rename(temporary, to);
}

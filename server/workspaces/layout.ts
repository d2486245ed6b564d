import path from "node:path";
import { BadInput } from "@/server/domain/errors";
import {
  type DeliveryId,
  deliveryIdSchema,
  type RepositoryId,
  type RunId,
  repositoryIdSchema,
  runIdSchema,
  type WorkspaceId,
  workspaceIdSchema,
} from "@/server/domain/ids";

/** Where everything of git lives below Coppice's home. Paths are made of ids only, never of titles. */

export function mirrorPath(home: string, repositoryId: RepositoryId): string {
  return inside(home, "repositories", `${repositoryIdSchema.parse(repositoryId)}.git`);
}

export function workspacePath(
  home: string,
  repositoryId: RepositoryId,
  workspaceId: WorkspaceId,
): string {
  const folder = repositoryIdSchema.parse(repositoryId);
  return inside(home, "workspaces", folder, workspaceIdSchema.parse(workspaceId));
}

/** Checkouts made in advance, on the same file system as the workspaces. */
export function sparesPath(home: string, repositoryId: RepositoryId): string {
  return inside(home, "workspaces", repositoryIdSchema.parse(repositoryId), ".spare");
}

/** Of a workspace, or of a spare checkout that has an id of its own. */
export function shadowPath(home: string, workspaceId: string): string {
  return inside(home, "shadows", `${workspaceIdSchema.parse(workspaceId)}.git`);
}

/** Where folders wait for their deletion, on the same file system as the workspaces. */
export function trashPath(home: string): string {
  return inside(home, "workspaces", ".trash");
}

/** Files that no branch is to hold: ignored and huge ones of removed workspaces, out of the agents' sight. */
export function keptPath(home: string, repositoryId: RepositoryId): string {
  return inside(home, "kept", `${repositoryIdSchema.parse(repositoryId)}.git`);
}

/** Where a workspace is put that could not be stored whole; nothing here is ever deleted by Coppice. */
export function quarantinePath(home: string, workspaceId: WorkspaceId, since: Date): string {
  const mark = since.toISOString().replaceAll(":", "-");
  return inside(home, "quarantine", `${workspaceIdSchema.parse(workspaceId)}-${mark}`);
}

/** Patches on their way to the database, one file each. */
export function patchesPath(home: string): string {
  return inside(home, "patches", "making");
}

/** Where a workspace is put that another host made anew while this one was declared lost. */
export function leftPath(home: string, workspaceId: WorkspaceId, leftId: string): string {
  return inside(home, "workspaces", ".left", `${workspaceIdSchema.parse(workspaceId)}-${leftId}`);
}

export const baseRef = (workspaceId: WorkspaceId) => `refs/coppice/base/${workspaceId}`;

export const runHeadRef = (runId: RunId) => `refs/coppice/runs/${runIdSchema.parse(runId)}/head`;

/** What a delivery pushed, or was to push. */
export const deliveryRef = (id: DeliveryId) =>
  `refs/coppice/deliveries/${deliveryIdSchema.parse(id)}`;

export const keepPrefix = (runId: RunId, attemptNumber: number) =>
  `refs/coppice/keep/${runIdSchema.parse(runId)}/${attemptNumber}`;

export const snapshotPrefix = (runId: RunId) =>
  `refs/coppice/snapshots/${runIdSchema.parse(runId)}`;

function inside(home: string, ...parts: string[]): string {
  if (!path.isAbsolute(home) || home === "/") {
    throw new BadInput("Coppice's home must be an absolute path, and not the root folder.");
  }
  const root = path.join(home, parts[0] ?? "");
  const full = path.resolve(home, ...parts);
  if (full === root || !full.startsWith(`${root}${path.sep}`)) {
    throw new BadInput("The path lies outside Coppice's home.", { facts: { path: full } });
  }
  return full;
}

/** What the mirror's last fetch saw; written by rename at the end of each. */
export function fetchRecordPath(mirror: string): string {
  return path.join(mirror, "coppice-fetch.json");
}

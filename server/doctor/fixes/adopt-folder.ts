import path from "node:path";
import { and, eq, inArray, isNotNull } from "drizzle-orm";
import { workspaces } from "@/db/schema";
import type { Difference } from "@/server/domain/difference";
import { BadInput, Conflict } from "@/server/domain/errors";
import { repositoryIdSchema, workspaceIdSchema } from "@/server/domain/ids";
import { exists } from "@/server/workspaces/exists";
import { inspectGitState } from "@/server/workspaces/inspect-git-state";
import { mirrorPath, workspacePath } from "@/server/workspaces/layout";
import { nameAdopted } from "../compare-folders";
import type { DoctorHost } from "../host-facts";

/** Makes a folder that no row counts a workspace again; the folder itself is only read. */
export async function adoptFolder(host: DoctorHost, { subject }: Difference): Promise<string[]> {
  const folder = subject.path;
  if (!folder || !(await exists(folder))) {
    throw new Conflict("The folder is gone; there is nothing to adopt.");
  }
  const id = workspaceIdSchema.parse(path.basename(folder));
  const repositoryId = repositoryIdSchema.parse(subject.repositoryId);
  if (workspacePath(host.home, repositoryId, id) !== folder) {
    throw new BadInput("The folder does not lie where a workspace of its name would.", {
      facts: { folder },
    });
  }
  if (subject.workspaceId) return takeBack(host, id);
  const mirror = mirrorPath(host.home, repositoryId);
  const { branch, head } = await inspectGitState(folder, mirror);
  const made = await host.db
    .insert(workspaces)
    .values({
      id,
      repositoryId,
      kind: "persistent",
      name: nameAdopted(id),
      state: "ready",
      workerId: host.worker.id,
      path: folder,
      branch,
      headCommit: head,
    })
    .onConflictDoNothing()
    .returning({ id: workspaces.id });
  if (made.length === 0) throw new Conflict("Somebody adopted the folder meanwhile.");
  return [`Made the workspace ${id}, called ${nameAdopted(id)}.`];
}

/** The row is there and says planned or removed. */
async function takeBack(
  { db, worker }: DoctorHost,
  id: ReturnType<typeof workspaceIdSchema.parse>,
): Promise<string[]> {
  const changed = await db
    .update(workspaces)
    .set({ state: "ready", removedAt: null, bytes: null })
    .where(
      and(
        eq(workspaces.id, id),
        eq(workspaces.workerId, worker.id),
        isNotNull(workspaces.path),
        inArray(workspaces.state, ["planned", "removed"]),
      ),
    )
    .returning({ id: workspaces.id });
  if (changed.length === 0)
    throw new Conflict("The workspace changed meanwhile; it stays as it is.");
  return [`Set the workspace ${id} to ready.`];
}

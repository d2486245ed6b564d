import { and, eq } from "drizzle-orm";
import { workspaces } from "@/db/schema";
import { exists } from "@/server/workspaces/exists";
import { quarantinePath, workspacePath } from "@/server/workspaces/layout";
import { quarantineWorkspace } from "@/server/workspaces/quarantine-workspace";
import type { WorkerContext } from "./context";

/**
 * Puts a workspace away as it is, because not all of it could be stored. Where it goes is recorded before
 * it goes; the row says `quarantined` after.
 */
export async function putInQuarantine(
  { db, home, installationId }: WorkerContext,
  workspace: typeof workspaces.$inferSelect,
  why: string,
): Promise<"quarantined"> {
  const { id: workspaceId, repositoryId, quarantinePath: earlier } = workspace;
  const now = new Date();
  const isStillHere = await exists(workspacePath(home, repositoryId, workspaceId));
  const target = earlier && !isStillHere ? earlier : quarantinePath(home, workspaceId, now);
  const isRemoving = and(eq(workspaces.id, workspaceId), eq(workspaces.state, "removing"));
  const place = { quarantinePath: target, quarantineWhy: why };
  await db.update(workspaces).set(place).where(isRemoving);
  await quarantineWorkspace({ home, installationId, repositoryId, workspaceId, target, why, now });
  await db.update(workspaces).set({ state: "quarantined" }).where(isRemoving);
  return "quarantined";
}

import { eq } from "drizzle-orm";
import { z } from "zod";
import { workspaces } from "@/db/schema";
import { Conflict, NotFound } from "@/server/domain/errors";
import { workspaceIdSchema } from "@/server/domain/ids";
import { auditWorkspace } from "@/server/workspaces/audit-workspace";
import { exists } from "@/server/workspaces/exists";
import { workspacePath } from "@/server/workspaces/layout";
import type { WorkerContext } from "../context";

const inputSchema = z.looseObject({ workspaceId: workspaceIdSchema });

/** Looks at what a workspace of this host holds that its removal has to answer for. */
export async function answerAuditWorkspace(
  { db, home, confine }: WorkerContext,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { workspaceId } = inputSchema.parse(input);
  const [workspace] = await db.select().from(workspaces).where(eq(workspaces.id, workspaceId));
  if (!workspace) throw new NotFound("workspace", workspaceId);
  const { repositoryId } = workspace;
  const parent = workspace.headCommit ?? workspace.baseCommit;
  const isThere = await exists(workspacePath(home, repositoryId, workspaceId));
  if (!parent || !isThere) {
    throw new Conflict("The workspace has no folder to look at.", { hint: "It can be restored." });
  }
  const findings = await auditWorkspace({ home, repositoryId, workspaceId, parent, confine });
  return { workspaceId, findings };
}

import { eq } from "drizzle-orm";
import type { z } from "zod";
import { workspaces } from "@/db/schema";
import { Conflict, NotFound } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import { type WorkspaceAudit, workspaceAuditSchema } from "@/server/domain/workspace-audit";
import { askHost } from "@/server/host-requests/ask-host";
import type { VerbContext } from "@/server/runs/context";
import { getWorkspaceInputSchema } from "./get-workspace";

/**
 * What a removal of this workspace would keep, drop or fail to store, as its host sees it now.
 * @throws NotFound; Conflict when there is no folder; Unavailable when the host is away.
 */
export async function auditWorkspace(
  context: VerbContext,
  input: z.input<typeof getWorkspaceInputSchema>,
): Promise<WorkspaceAudit> {
  const { id } = parseInput(getWorkspaceInputSchema, input);
  const [workspace] = await context.db
    .select({ state: workspaces.state, workerId: workspaces.workerId })
    .from(workspaces)
    .where(eq(workspaces.id, id));
  if (!workspace) throw new NotFound("workspace", id);
  if (workspace.state !== "ready" || !workspace.workerId) {
    throw new Conflict(`The workspace is ${workspace.state}, so there is nothing to look at.`);
  }
  const answer = await askHost(context, {
    kind: "audit_workspace",
    input: { workspaceId: id },
    workerId: workspace.workerId,
    takeWithinSeconds: 30,
    answerWithinSeconds: 120,
  });
  return workspaceAuditSchema.parse(answer);
}

import { and, eq, isNotNull } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { workspaces } from "@/db/schema";
import type { WorkerId, WorkspaceId } from "@/server/domain/ids";

/** The workspaces of a worker's host that were put into quarantine, and where they are now. */
export async function listQuarantined(
  db: Executor,
  workerId: WorkerId,
): Promise<{ workspaceId: WorkspaceId; path: string; why: string }[]> {
  const rows = await db
    .select({
      workspaceId: workspaces.id,
      path: workspaces.quarantinePath,
      why: workspaces.quarantineWhy,
    })
    .from(workspaces)
    .where(
      and(
        eq(workspaces.workerId, workerId),
        eq(workspaces.state, "quarantined"),
        isNotNull(workspaces.quarantinePath),
      ),
    );
  return rows.map((row) => ({ ...row, path: row.path ?? "", why: row.why ?? "In quarantine." }));
}

import { and, eq, isNull, notExists, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { runs, workspaces } from "@/db/schema";
import type { WorkerId } from "@/server/domain/ids";
import { measureWorkspace } from "@/server/workspaces/measure-workspace";

const batchSize = 20;

/** Measures the workspaces of a host whose size is not known and that no run is using. */
export async function measureWorkspaces(context: {
  db: Database;
  home: string;
  workerId: WorkerId;
}): Promise<void> {
  const { db, home, workerId } = context;
  const found = await db
    .select({ id: workspaces.id, repositoryId: workspaces.repositoryId })
    .from(workspaces)
    .where(
      and(
        eq(workspaces.workerId, workerId),
        eq(workspaces.state, "ready"),
        isNull(workspaces.bytes),
        notExists(
          db
            .select({ one: sql`1` })
            .from(runs)
            .where(
              sql`${runs.workspaceId} = ${workspaces.id} and ${runs.status} in
                ('preparing', 'running', 'waiting', 'finishing')`,
            ),
        ),
      ),
    )
    .limit(batchSize);
  for (const { id, repositoryId } of found) {
    const { bytes } = await measureWorkspace({ home, repositoryId, workspaceId: id });
    await db
      .update(workspaces)
      .set({ bytes })
      .where(and(eq(workspaces.id, id), eq(workspaces.state, "ready")));
  }
}

import { eq } from "drizzle-orm";
import type { Database } from "@/db/client";
import { workspaces } from "@/db/schema";
import type { WorkerId } from "@/server/domain/ids";
import { maintainMirror } from "@/server/workspaces/maintain-mirror";

/** Packs the mirrors of a worker's host, one after another; nothing that git calls unreachable goes. */
export async function packMirrors(context: {
  db: Database;
  home: string;
  workerId: WorkerId;
}): Promise<void> {
  const rows = await context.db
    .selectDistinct({ repositoryId: workspaces.repositoryId })
    .from(workspaces)
    .where(eq(workspaces.workerId, context.workerId));
  for (const { repositoryId } of rows) {
    await maintainMirror({ home: context.home, repositoryId });
  }
}

import { and, eq, inArray, notExists } from "drizzle-orm";
import { runs, workspaces } from "@/db/schema";
import type { Difference } from "@/server/domain/difference";
import { Conflict } from "@/server/domain/errors";
import { workspaceIdSchema } from "@/server/domain/ids";
import { heldStatuses } from "@/server/domain/run-status";
import { exists } from "@/server/workspaces/exists";
import type { DoctorHost } from "../host-facts";

/** Lets a row say that its folder is gone, unless a run holds it or the folder came back. */
export async function markRemoved(
  { db, worker }: DoctorHost,
  { subject }: Difference,
): Promise<string[]> {
  if (subject.path && (await exists(subject.path))) {
    throw new Conflict("The folder is there again; there is nothing to fix.");
  }
  const id = workspaceIdSchema.parse(subject.workspaceId);
  const changed = await db
    .update(workspaces)
    .set({ state: "removed", removedAt: new Date(), bytes: 0 })
    .where(
      and(
        eq(workspaces.id, id),
        eq(workspaces.workerId, worker.id),
        eq(workspaces.state, "ready"),
        notExists(
          db
            .select({ id: runs.id })
            .from(runs)
            .where(and(eq(runs.workspaceId, id), inArray(runs.status, [...heldStatuses]))),
        ),
      ),
    )
    .returning({ id: workspaces.id });
  if (changed.length === 0) {
    throw new Conflict("A run holds the workspace, or it changed; it stays as it is.");
  }
  return [`Set the workspace ${id} to removed.`];
}

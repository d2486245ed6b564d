import { and, eq, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { cleanupItems, cleanups } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { Conflict } from "@/server/domain/errors";
import type { CleanupTask } from "./take-item";

export type ItemEnd =
  | { status: "removed"; freedBytes: number; action: string; facts: Record<string, unknown> }
  | { status: "kept" | "failed"; why: string };

/**
 * Ends a thing of a cleanup, counts it and, when it was removed, enters it into the audit log: in the
 * transaction of what became of it.
 * @throws Conflict when it was ended already.
 */
export async function endItem(
  tx: Transaction,
  task: CleanupTask,
  end: ItemEnd,
  now: Date,
): Promise<void> {
  const isRemoved = end.status === "removed";
  const ended = await tx
    .update(cleanupItems)
    .set({
      status: end.status,
      endedAt: now,
      freedBytes: isRemoved ? end.freedBytes : null,
      why: isRemoved ? null : end.why,
    })
    .where(and(eq(cleanupItems.id, task.id), eq(cleanupItems.status, "removing")))
    .returning({ id: cleanupItems.id });
  if (ended.length === 0) throw new Conflict("This part of the cleanup has ended already.");
  const count = cleanups[end.status];
  await tx
    .update(cleanups)
    .set({
      [end.status]: sql`${count} + 1`,
      ...(isRemoved ? { freedBytes: sql`${cleanups.freedBytes} + ${end.freedBytes}` } : {}),
    })
    .where(eq(cleanups.id, task.cleanupId));
  if (!isRemoved) return;
  const { action, facts, freedBytes } = end;
  await recordAudit(tx, {
    actor: { kind: "system", name: "cleanup" },
    action,
    target: task.workspaceId ? `workspace:${task.workspaceId}` : `run:${task.runId}`,
    facts: {
      ...{ cleanup: task.cleanupId, by: task.carriedOutBy, reason: task.reason, freedBytes },
      ...facts,
    },
    now,
  });
}

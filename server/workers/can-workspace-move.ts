import { and, eq, ne, notInArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { runs } from "@/db/schema";
import type { WorkerId } from "@/server/domain/ids";
import { terminalStatuses } from "@/server/domain/run-status";
import { type ReadRelocation, readRelocation } from "./read-relocation";

/**
 * Whether a run and its workspace can go to another host. A persistent workspace goes only when every
 * run that waits for it can: one row has one host.
 */
export async function canWorkspaceMove(
  tx: Transaction,
  run: typeof runs.$inferSelect,
  workerId: WorkerId,
): Promise<ReadRelocation> {
  const own = await readRelocation(tx, run, workerId);
  if (!own.canMove || run.workspaceKind === "temporary") return own;
  const others = await tx
    .select()
    .from(runs)
    .where(
      and(
        eq(runs.workspaceId, run.workspaceId),
        ne(runs.id, run.id),
        notInArray(runs.status, [...terminalStatuses]),
      ),
    )
    .limit(50);
  for (const other of others) {
    const theirs = await readRelocation(tx, other, workerId);
    if (theirs.canMove) continue;
    const waitsFor = `It shares its workspace with run #${other.number}, which cannot go elsewhere. ${theirs.waitsFor}`;
    return { ...own, canMove: false, waitsFor };
  }
  return own;
}

import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { snapshots } from "@/db/schema";
import { parseInput } from "@/server/domain/parse-input";
import { resolveRunId, runKeySchema } from "@/server/runs/resolve-run-id";

export const listSnapshotsInputSchema = z.strictObject({ id: runKeySchema });

export const snapshotViewSchema = z.object({
  number: z.number().int(),
  sha: z.string(),
  ref: z.string(),
  /** What could not be stored, and why. */
  leftOut: z.array(z.object({ path: z.string(), why: z.string() })),
  at: z.date(),
});
export type SnapshotView = z.infer<typeof snapshotViewSchema>;

/** The snapshots of a run, oldest first: at most a few, one an attempt. @throws NotFound */
export async function listSnapshots(
  db: Executor,
  input: z.input<typeof listSnapshotsInputSchema>,
): Promise<{ items: SnapshotView[] }> {
  const { id } = parseInput(listSnapshotsInputSchema, input);
  const runId = await resolveRunId(db, id);
  const items = await db
    .select({
      number: snapshots.number,
      sha: snapshots.sha,
      ref: snapshots.ref,
      leftOut: snapshots.leftOut,
      at: snapshots.at,
    })
    .from(snapshots)
    .where(eq(snapshots.runId, runId))
    .orderBy(asc(snapshots.number));
  return { items };
}

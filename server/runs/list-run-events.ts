import { and, asc, eq, gt } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { runEvents } from "@/db/schema";
import { limits } from "@/server/domain/limits";
import { parseInput } from "@/server/domain/parse-input";
import type { RunEventView } from "@/server/domain/run-view";
import type { Page } from "./page-cursor";
import { resolveRunId, runKeySchema } from "./resolve-run-id";

export const listRunEventsInputSchema = z.strictObject({
  id: runKeySchema,
  /** The number (`seq`) of the last event that the reader has. */
  after: z.int32().min(0).default(0),
  limit: z.int().min(1).max(limits.maxPageSize).default(limits.maxPageSize),
});

/**
 * The events of a run after a number, oldest first; `nextCursor` is the next `after`.
 * @throws NotFound
 */
export async function listRunEvents(
  db: Executor,
  input: z.input<typeof listRunEventsInputSchema>,
): Promise<Page<RunEventView>> {
  const { id, after, limit } = parseInput(listRunEventsInputSchema, input);
  const runId = await resolveRunId(db, id);
  const rows = await db
    .select({
      id: runEvents.id,
      seq: runEvents.seq,
      kind: runEvents.kind,
      at: runEvents.at,
      actor: runEvents.actor,
      data: runEvents.data,
    })
    .from(runEvents)
    .where(and(eq(runEvents.runId, runId), gt(runEvents.seq, after)))
    .orderBy(asc(runEvents.seq))
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? String(last.seq) : null };
}

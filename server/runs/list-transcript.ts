import { and, asc, eq, gt, max } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { attempts, transcriptEntries } from "@/db/schema";
import { parseInput } from "@/server/domain/parse-input";
import type { TranscriptEntryView } from "@/server/domain/run-view";
import type { Page } from "./page-cursor";
import { resolveRunId, runKeySchema } from "./resolve-run-id";

export const listTranscriptInputSchema = z.strictObject({
  id: runKeySchema,
  /** The number (`seq`) of the last entry that the reader has. */
  after: z.int32().min(0).default(0),
  limit: z.int().min(1).max(500).default(100),
});

/**
 * What the agent said and did after a number, oldest first; `total` is the newest number there is.
 * @throws NotFound
 */
export async function listTranscript(
  db: Executor,
  input: z.input<typeof listTranscriptInputSchema>,
): Promise<Page<TranscriptEntryView> & { total: number }> {
  const { id, after, limit } = parseInput(listTranscriptInputSchema, input);
  const runId = await resolveRunId(db, id);
  const ofRun = eq(transcriptEntries.runId, runId);
  const rows = await db
    .select({
      seq: transcriptEntries.seq,
      attempt: attempts.number,
      at: transcriptEntries.at,
      entry: transcriptEntries.entry,
    })
    .from(transcriptEntries)
    .innerJoin(attempts, eq(attempts.id, transcriptEntries.attemptId))
    .where(and(ofRun, gt(transcriptEntries.seq, after)))
    .orderBy(asc(transcriptEntries.seq))
    .limit(limit + 1);
  const newest = await db
    .select({ seq: max(transcriptEntries.seq) })
    .from(transcriptEntries)
    .where(ofRun);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? String(last.seq) : null,
    total: newest[0]?.seq ?? 0,
  };
}

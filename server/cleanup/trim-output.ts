import { and, asc, eq, gte, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { attempts, outputChunks, outputTrims, pins, runs, transcriptEntries } from "@/db/schema";
import { Conflict, NotFound } from "@/server/domain/errors";
import type { AttemptId, RunId } from "@/server/domain/ids";
import { findHole, splitKept, type TrimReason } from "@/server/domain/output-trim";
import { isTerminal } from "@/server/domain/run-status";
import type { TranscriptEntry } from "@/server/domain/transcript";

type TrimmedEntry = Extract<TranscriptEntry, { kind: "trimmed" }>;

interface TrimOutput {
  runId: RunId;
  reason: TrimReason;
  keepBytes: number;
  now: Date;
}

/**
 * Cuts each stream and the transcript of an ended run to their beginning and end, in the caller's
 * transaction. Whole chunks and entries go, offsets and numbers of what stays are true, and a marker
 * tells what was there. Doing it again removes nothing more.
 * @returns the bytes removed.
 * @throws NotFound; Conflict while the run goes on, is pinned or is being read.
 */
export async function trimOutput(tx: Transaction, trim: TrimOutput): Promise<number> {
  await lockEndedRun(tx, trim);
  const own = await tx
    .select({ id: attempts.id })
    .from(attempts)
    .where(eq(attempts.runId, trim.runId))
    .orderBy(asc(attempts.number));
  let removed = 0;
  for (const { id } of own) {
    for (const stream of ["output", "stderr"] as const) {
      removed += await trimStream(tx, trim, id, stream);
    }
  }
  return removed + (await trimTranscript(tx, trim));
}

/** Readers pin by a foreign key: whoever has this lock has seen their pin, or they wait for us. */
async function lockEndedRun(tx: Transaction, { runId, now }: TrimOutput): Promise<void> {
  const [run] = await tx
    .select({ number: runs.number, status: runs.status })
    .from(runs)
    .where(eq(runs.id, runId))
    .for("update");
  if (!run) throw new NotFound("run", runId);
  if (!isTerminal(run.status)) throw new Conflict(`Run #${run.number} is ${run.status}.`);
  const [pin] = await tx
    .select({ kind: pins.kind, by: pins.createdBy })
    .from(pins)
    .where(and(eq(pins.runId, runId), or(isNull(pins.until), gte(pins.until, now))))
    .limit(1);
  if (!pin) return;
  const who = pin.kind === "reader" ? "Somebody is reading its output." : `${pin.by} pinned it.`;
  throw new Conflict(who, { facts: { runId } });
}

async function trimStream(
  tx: Transaction,
  { reason, keepBytes, now }: TrimOutput,
  attemptId: AttemptId,
  stream: "output" | "stderr",
): Promise<number> {
  const ofStream = and(eq(outputChunks.attemptId, attemptId), eq(outputChunks.stream, stream));
  const [known] = await tx
    .select()
    .from(outputTrims)
    .where(and(eq(outputTrims.attemptId, attemptId), eq(outputTrims.stream, stream)));
  if (known && known.keptBytes <= keepBytes) return 0;
  const pieces = await tx
    .select({ at: outputChunks.offset, bytes: sql<number>`length(${outputChunks.bytes})` })
    .from(outputChunks)
    .where(ofStream)
    .orderBy(asc(outputChunks.offset));
  const hole = findHole(pieces, splitKept(keepBytes));
  if (!hole) return 0;
  await tx
    .delete(outputChunks)
    .where(
      and(ofStream, gte(outputChunks.offset, hole.first), lte(outputChunks.offset, hole.last)),
    );
  const lastBytes = pieces.find(({ at }) => at === hole.last)?.bytes ?? 0;
  const row = {
    fromByte: Math.min(hole.first, known?.fromByte ?? hole.first),
    toByte: Math.max(hole.last + lastBytes, known?.toByte ?? 0),
    ...{ keptBytes: keepBytes, reason, at: now },
  };
  await tx
    .insert(outputTrims)
    .values({ attemptId, stream, ...row })
    .onConflictDoUpdate({ target: [outputTrims.attemptId, outputTrims.stream], set: row });
  return hole.bytes;
}

/** The last of the removed entries gives its number to the marker, so that numbers stay without end. */
async function trimTranscript(
  tx: Transaction,
  { runId, reason, keepBytes, now }: TrimOutput,
): Promise<number> {
  const pieces = await tx
    .select({
      at: transcriptEntries.seq,
      bytes: sql<number>`octet_length(${transcriptEntries.entry}::text)`,
    })
    .from(transcriptEntries)
    .where(eq(transcriptEntries.runId, runId))
    .orderBy(asc(transcriptEntries.seq));
  const hole = findHole(pieces, splitKept(keepBytes));
  // A marker alone in the middle is what an earlier cut left.
  if (!hole || hole.pieces < 2) return 0;
  const inHole = and(
    eq(transcriptEntries.runId, runId),
    gte(transcriptEntries.seq, hole.first),
    lte(transcriptEntries.seq, hole.last),
  );
  const earlier = await readMarkers(tx, inHole);
  const [last] = await tx
    .select({ attemptId: transcriptEntries.attemptId })
    .from(transcriptEntries)
    .where(and(eq(transcriptEntries.runId, runId), eq(transcriptEntries.seq, hole.last)));
  if (!last) throw new Error(`entry ${hole.last} of run ${runId} went away under our lock`);
  await tx.delete(transcriptEntries).where(inHole);
  await tx.insert(transcriptEntries).values({
    ...{ runId, seq: hole.last, attemptId: last.attemptId, at: now },
    entry: {
      ...{ kind: "trimmed", reason, at: now.toISOString() },
      firstSeq: Math.min(hole.first, ...earlier.map(({ firstSeq }) => firstSeq)),
      entries: hole.pieces - earlier.length + sum(earlier.map(({ entries }) => entries)),
      bytes: hole.bytes + sum(earlier.map(({ bytes }) => bytes)),
    },
  });
  return hole.bytes;
}

/** What cuts before this one left in the same place: they are told in one sum. */
async function readMarkers(tx: Transaction, where: SQL | undefined): Promise<TrimmedEntry[]> {
  const rows = await tx
    .select({ entry: transcriptEntries.entry })
    .from(transcriptEntries)
    .where(and(where, sql`${transcriptEntries.entry} ->> 'kind' = 'trimmed'`));
  return rows.flatMap(({ entry }) => (entry.kind === "trimmed" ? [entry] : []));
}

const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);

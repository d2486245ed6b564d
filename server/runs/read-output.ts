import { and, asc, desc, eq, gte, lte } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { attempts, outputChunks, outputTrims } from "@/db/schema";
import { holdForReading, type ReadingHold } from "@/server/cleanup/hold-for-reading";
import { NotFound } from "@/server/domain/errors";
import type { AttemptId, RunId } from "@/server/domain/ids";
import type { OutputTrim } from "@/server/domain/output-trim";
import { parseInput } from "@/server/domain/parse-input";
import { planReading, type ReadingPart } from "./plan-reading";
import { resolveRunId, runKeySchema } from "./resolve-run-id";

export const readOutputInputSchema = z.strictObject({
  id: runKeySchema,
  from: z.int().min(0).default(0),
  /** The byte after the last one wanted; all there is otherwise. */
  to: z.int().min(0).nullish(),
  /** The attempt's number; the latest one otherwise. */
  attempt: z.int32().min(1).nullish(),
  stream: z.enum(["output", "stderr"]).default("output"),
  /**
   * Whether a marker stands in place of what retention removed. Without it the answer is one unbroken
   * piece: it begins behind the gap when `from` lies in it, and ends before it otherwise.
   */
  marker: z.boolean().default(true),
});

export interface OutputRange {
  /** All bytes that this stream ever had; a trim makes it no shorter. */
  totalBytes: number;
  from: number;
  to: number;
  /** What was removed of this stream; it may lie outside the range. */
  trim: OutputTrim | null;
  /** How many bytes `bytes` gives, a marker included. */
  length: number;
  bytes: AsyncGenerator<Uint8Array, void, void>;
}

/** So much of the output is in memory at once: eight chunks of at most 256 KiB. */
const chunksPerRead = 8;

/**
 * A range of an attempt's raw output. The bytes are read from the database as they are consumed, and
 * the output of an ended attempt is pinned until then, so that no cleanup cuts it meanwhile.
 * @throws NotFound for a run or an attempt that is not there.
 */
export async function readOutput(
  db: Executor,
  input: z.input<typeof readOutputInputSchema>,
): Promise<OutputRange> {
  const wanted = parseInput(readOutputInputSchema, input);
  const runId = await resolveRunId(db, wanted.id);
  const attempt = await findAttempt(db, runId, wanted.attempt ?? null);
  if (!attempt) return { totalBytes: 0, from: 0, to: 0, trim: null, length: 0, bytes: noBytes() };
  const totalBytes = wanted.stream === "output" ? attempt.outputBytes : attempt.stderrBytes;
  const from = Math.min(wanted.from, totalBytes);
  const to = Math.max(from, Math.min(wanted.to ?? totalBytes, totalBytes));
  const source = { attemptId: attempt.id, stream: wanted.stream };
  const hold = attempt.endedAt && from < to ? await holdForReading(db, { runId }) : null;
  const trim = await findTrim(db, source);
  const plan = planReading({ from, to }, trim, wanted.marker);
  const bytes = readParts(db, source, plan.parts, hold);
  return { totalBytes, from: plan.from, to: plan.to, trim, length: plan.length, bytes };
}

async function findAttempt(db: Executor, runId: RunId, number: number | null) {
  const [attempt] = await db
    .select({
      id: attempts.id,
      endedAt: attempts.endedAt,
      outputBytes: attempts.outputBytes,
      stderrBytes: attempts.stderrBytes,
    })
    .from(attempts)
    .where(and(eq(attempts.runId, runId), number ? eq(attempts.number, number) : undefined))
    .orderBy(desc(attempts.number))
    .limit(1);
  if (!attempt && number) throw new NotFound("attempt of this run", String(number));
  return attempt;
}

async function findTrim(db: Executor, { attemptId, stream }: OutputSource) {
  const [row] = await db
    .select({
      from: outputTrims.fromByte,
      to: outputTrims.toByte,
      at: outputTrims.at,
      reason: outputTrims.reason,
    })
    .from(outputTrims)
    .where(and(eq(outputTrims.attemptId, attemptId), eq(outputTrims.stream, stream)));
  return row ? { ...row, at: row.at.toISOString() } : null;
}

interface OutputSource {
  attemptId: AttemptId;
  stream: "output" | "stderr";
}

async function* noBytes(): AsyncGenerator<Uint8Array, void, void> {}

/** Nothing is read twice or left: the pin goes when the reader has all, or has gone. */
async function* readParts(
  db: Executor,
  source: OutputSource,
  parts: ReadingPart[],
  hold: ReadingHold | null,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    for (const part of parts) {
      if ("marker" in part) yield Buffer.from(part.marker);
      else {
        for await (const bytes of readRange(db, source, part.from, part.to)) {
          yield bytes;
          await hold?.goOn();
        }
      }
    }
  } finally {
    await hold?.release();
  }
}

async function* readRange(
  db: Executor,
  source: OutputSource,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array, void, void> {
  let position = from;
  let chunkOffset = from < to ? await findChunkOffset(db, source, from) : from;
  while (position < to) {
    const chunks = await readChunks(db, source, chunkOffset);
    const before = position;
    for (const { offset, bytes } of chunks) {
      if (offset > position) throw missingBytes(source, position);
      const part = bytes.subarray(position - offset, to - offset);
      if (part.length > 0) yield part;
      position += part.length;
      if (position >= to) return;
    }
    if (position === before) throw missingBytes(source, position);
    chunkOffset = position;
  }
}

/** Where the chunk begins that holds this byte. */
async function findChunkOffset(db: Executor, source: OutputSource, byte: number): Promise<number> {
  const [chunk] = await db
    .select({ offset: outputChunks.offset })
    .from(outputChunks)
    .where(and(ofSource(source), lte(outputChunks.offset, byte)))
    .orderBy(desc(outputChunks.offset))
    .limit(1);
  if (!chunk) throw missingBytes(source, byte);
  return chunk.offset;
}

function readChunks(db: Executor, source: OutputSource, fromOffset: number) {
  return db
    .select({ offset: outputChunks.offset, bytes: outputChunks.bytes })
    .from(outputChunks)
    .where(and(ofSource(source), gte(outputChunks.offset, fromOffset)))
    .orderBy(asc(outputChunks.offset))
    .limit(chunksPerRead);
}

function ofSource({ attemptId, stream }: OutputSource) {
  return and(eq(outputChunks.attemptId, attemptId), eq(outputChunks.stream, stream));
}

function missingBytes({ attemptId, stream }: OutputSource, byte: number): Error {
  return new Error(`the ${stream} of attempt ${attemptId} has a hole at byte ${byte}`);
}

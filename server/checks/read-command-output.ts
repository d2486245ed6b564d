import { and, asc, desc, eq, gte, lt, lte } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { commandOutput, runCommands } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import { type RunCommandId, runCommandIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import { resolveRunId, runKeySchema } from "@/server/runs/resolve-run-id";

export const readCommandOutputInputSchema = z.strictObject({
  id: runKeySchema,
  commandId: runCommandIdSchema,
  from: z.int().min(0).default(0),
  /** The byte after the last one wanted; all there is otherwise. */
  to: z.int().min(0).nullish(),
});

export interface CommandOutputRange {
  totalBytes: number;
  from: number;
  to: number;
  bytes: AsyncGenerator<Uint8Array, void, void>;
}

/** So much is in memory at once: eight chunks of at most 256 KiB. */
const chunksPerRead = 8;

/**
 * A range of what a set-up, check or tear-down printed, read from the database as it is consumed.
 * @throws NotFound for a run or a command that is not there.
 */
export async function readCommandOutput(
  db: Executor,
  input: z.input<typeof readCommandOutputInputSchema>,
): Promise<CommandOutputRange> {
  const wanted = parseInput(readCommandOutputInputSchema, input);
  const runId = await resolveRunId(db, wanted.id);
  const isWanted = and(eq(runCommands.id, wanted.commandId), eq(runCommands.runId, runId));
  const [command] = await db
    .select({ outputBytes: runCommands.outputBytes })
    .from(runCommands)
    .where(isWanted);
  if (!command) throw new NotFound("command of this run", wanted.commandId);
  const totalBytes = command.outputBytes;
  const from = Math.min(wanted.from, totalBytes);
  const to = Math.max(from, Math.min(wanted.to ?? totalBytes, totalBytes));
  return { totalBytes, from, to, bytes: readRange(db, wanted.commandId, from, to) };
}

async function* readRange(
  db: Executor,
  commandId: RunCommandId,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array, void, void> {
  const ofCommand = eq(commandOutput.commandId, commandId);
  const [first] = await db
    .select({ offset: commandOutput.offset })
    .from(commandOutput)
    .where(and(ofCommand, lte(commandOutput.offset, from)))
    .orderBy(desc(commandOutput.offset))
    .limit(1);
  let next = first?.offset ?? from;
  for (let position = from; position < to; ) {
    const chunks = await db
      .select()
      .from(commandOutput)
      .where(and(ofCommand, gte(commandOutput.offset, next), lt(commandOutput.offset, to)))
      .orderBy(asc(commandOutput.offset))
      .limit(chunksPerRead);
    // A command that is run again begins anew: what it printed before is gone.
    if (chunks.length === 0) return;
    for (const { offset, bytes } of chunks) {
      const part = bytes.subarray(position - offset, to - offset);
      if (part.length > 0) yield part;
      position += part.length;
      next = offset + bytes.length;
    }
  }
}

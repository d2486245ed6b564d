import { statSync } from "node:fs";
import { join } from "node:path";
import { commandOutput } from "@/db/schema";
import { controlFiles } from "@/server/agents/control-folder";
import { hasCode } from "@/server/agents/has-code";
import { freshRedaction, type RedactionState } from "@/server/agents/redact";
import { readSpool } from "@/server/agents/spool";
import { limits } from "@/server/domain/limits";
import { awaitDatabase } from "../await-database";
import type { WorkerContext } from "../context";
import { openRedactorOf } from "../open-run-redactor";
import type { CommandSite, RunCommand } from "./command-site";
import { findCommand, writeCommand } from "./write-command";

const stepBytes = 4 * limits.outputChunkBytes;

/** What one look at the spool came to. */
interface StoredPiece {
  command: RunCommand;
  /** Nothing new was there. */
  isAtEnd: boolean;
}

/**
 * Stores the next piece of what a command printed, redacted; bytes, offset and redactor's state commit
 * together. No more than the limit is ever stored.
 */
export async function storeCommandOutput(
  context: WorkerContext,
  site: CommandSite,
  command: RunCommand,
  isOver: boolean,
): Promise<StoredPiece> {
  const room = limits.maxCommandOutputBytes - command.outputBytes;
  const buffer = Buffer.alloc(Math.min(stepBytes, room));
  const path = join(command.controlPath, controlFiles.output);
  const raw = await readSpool(path, command.outputBytes, buffer);
  const isLast = isOver && (raw.length < buffer.length || raw.length === room);
  const redaction = (command.redactorState as RedactionState | null) ?? freshRedaction;
  const { state, bytes } = (await openRedactorOf(context, site.runId)).redact(
    redaction,
    raw,
    isLast,
  );
  if (bytes.length === 0) return { command, isAtEnd: true };
  const outputBytes = command.outputBytes + bytes.length;
  const write = () =>
    context.db.transaction(async (tx) => {
      // What was held back is read from the spool again: no beginning of a secret is stored.
      const redactorState = { ...state, held: "" };
      const row = await writeCommand(tx, site, command, { outputBytes, redactorState });
      await tx.insert(commandOutput).values(cutChunks(command, bytes));
      return row;
    });
  const stored = await awaitDatabase(context, site, write, () =>
    findCommand(context.db, command, (row) => row.outputBytes === outputBytes),
  );
  return { command: stored, isAtEnd: false };
}

function cutChunks({ id, outputBytes }: RunCommand, bytes: Buffer) {
  const size = limits.outputChunkBytes;
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => ({
    commandId: id,
    offset: outputBytes + index * size,
    bytes: bytes.subarray(index * size, (index + 1) * size),
  }));
}

/** How much a command has written, stored or not. */
export function measureCommandOutput({ controlPath }: RunCommand): number {
  try {
    return statSync(join(controlPath, controlFiles.output)).size;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return 0;
    throw error;
  }
}

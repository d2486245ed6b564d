import { and, asc, eq, gte } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { commandOutput } from "@/db/schema";
import { limits } from "@/server/domain/limits";
import type { RunCommand } from "./command-site";

const escapeCharacter = String.fromCharCode(27);
const terminalCode = new RegExp(`${escapeCharacter}\\[[0-9;?]*[ -/]*[@-~]`, "g");

/** The end of what a command printed, as text without terminal colours. */
export async function readCommandTail(
  db: Executor,
  { id, outputBytes }: Pick<RunCommand, "id" | "outputBytes">,
  maxBytes: number,
): Promise<string> {
  const from = Math.max(0, outputBytes - maxBytes);
  const firstOffset = Math.max(0, from - limits.outputChunkBytes);
  const rows = await db
    .select()
    .from(commandOutput)
    .where(and(eq(commandOutput.commandId, id), gte(commandOutput.offset, firstOffset)))
    .orderBy(asc(commandOutput.offset));
  const parts = rows.map(({ offset, bytes }) => bytes.subarray(Math.max(0, from - offset)));
  const text = Buffer.concat(parts).toString("utf8");
  return text
    .replaceAll("\0", "")
    .replace(terminalCode, "")
    .replace(/^\uFFFD+/, "");
}

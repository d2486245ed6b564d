import { constants } from "node:fs";
import { open, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Conflict, Unavailable } from "@/server/domain/errors";
import { controlFiles } from "./control-folder";
import { hasCode } from "./has-code";

/**
 * Lets the waiting agent run; giving it twice changes nothing. What was appended to its stdin
 * before is handed over with it.
 */
export async function giveGo(controlPath: string): Promise<void> {
  await writeFile(join(controlPath, controlFiles.go), "go\n");
  await tellKeeper(controlPath, "go", await stdinLength(controlPath));
}

/**
 * Writes `text` at the committed `offset` of the agent's stdin and has the keeper hand it over.
 * Doing it again completes what a crash left half-written, and sends nothing twice.
 * Answers whether the agent's stdin was still open.
 * @throws Conflict when an earlier part is missing.
 */
export async function appendStdin(
  controlPath: string,
  offset: number,
  text: string,
): Promise<boolean> {
  const bytes = Buffer.from(text);
  const file = await open(
    join(controlPath, controlFiles.stdin),
    constants.O_RDWR | constants.O_CREAT,
    0o600,
  );
  try {
    const { size } = await file.stat();
    if (size < offset) {
      throw new Conflict("An earlier message to the agent is missing from its stdin.", {
        facts: { controlPath, offset, size },
      });
    }
    await file.write(bytes, 0, bytes.length, offset);
  } finally {
    await file.close();
  }
  return await tellKeeper(controlPath, "stdin", offset + bytes.length);
}

/** Ends the agent's stdin after all that was appended; doing it again changes nothing. */
export async function closeStdin(controlPath: string): Promise<void> {
  const length = await stdinLength(controlPath);
  await writeFile(join(controlPath, controlFiles.stdinEof), `${length}\n`);
  await tellKeeper(controlPath, "eof", length);
}

async function stdinLength(controlPath: string): Promise<number> {
  try {
    return (await stat(join(controlPath, controlFiles.stdin))).size;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return 0;
    throw error;
  }
}

/** Answers false when no keeper listens any more. */
async function tellKeeper(controlPath: string, word: string, length: number): Promise<boolean> {
  const path = join(controlPath, controlFiles.commands);
  try {
    // Without O_NONBLOCK this would wait for ever on a keeper that died.
    const fifo = await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      await fifo.write(`${word} ${length}\n`);
    } finally {
      await fifo.close();
    }
    return true;
  } catch (error) {
    if (hasCode(error, "ENXIO", "ENOENT", "EPIPE")) return false;
    if (hasCode(error, "EAGAIN")) {
      throw new Unavailable("The agent has stopped reading its messages.", { cause: error });
    }
    throw error;
  }
}

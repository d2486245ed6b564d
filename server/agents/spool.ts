import { open, stat } from "node:fs/promises";
import { limits } from "@/server/domain/limits";
import { hasCode } from "./has-code";

/**
 * As much of a spool file from `offset` on as `into` takes; empty at its end and while it does not
 * exist. The answer is a part of `into`, which the caller may use again once that was stored.
 */
export async function readSpool(path: string, offset: number, into: Buffer): Promise<Buffer> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, "r");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return Buffer.alloc(0);
    throw error;
  }
  try {
    const { bytesRead } = await file.read(into, 0, into.length, offset);
    return into.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The last bytes of a spool file as text; empty while it does not exist. */
export async function readSpoolEnd(path: string, bytes: number): Promise<string> {
  try {
    const { size } = await stat(path);
    const end = await readSpool(path, Math.max(0, size - bytes), Buffer.alloc(bytes));
    return end.toString("utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "";
    throw error;
  }
}

export interface SpoolLine {
  /** Null: the line was longer than the limit and is left out. */
  text: string | null;
  /** Where the next line begins: commit this together with what the line brought about. */
  endOffset: number;
}

/**
 * Cuts a spool into lines as bytes arrive, keeping at most one unfinished line of bounded length.
 * After a restart begin again at the `endOffset` of the last line that was committed.
 */
export class LineReader {
  #offset: number;
  #parts: Buffer[] = [];
  #heldBytes = 0;
  #isTooLong = false;

  constructor(
    startOffset: number,
    private readonly maxLineBytes: number = limits.maxStreamLineBytes,
  ) {
    this.#offset = startOffset;
  }

  /** Where the next bytes to read begin in the spool. */
  get readOffset(): number {
    return this.#offset;
  }

  /** The lines that these bytes, which stand at `readOffset`, complete. */
  push(bytes: Buffer): SpoolLine[] {
    const lines: SpoolLine[] = [];
    let from = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      this.#hold(bytes.subarray(from, at));
      this.#offset += at + 1 - from;
      lines.push({ text: this.#takeText(), endOffset: this.#offset });
      from = at + 1;
    }
    this.#hold(bytes.subarray(from));
    this.#offset += bytes.length - from;
    return lines;
  }

  /** The last line when the agent has ended without a newline; null when there is none. */
  finish(): SpoolLine | null {
    if (this.#heldBytes === 0 && !this.#isTooLong) return null;
    return { text: this.#takeText(), endOffset: this.#offset };
  }

  #hold(part: Buffer): void {
    if (part.length === 0 || this.#isTooLong) return;
    if (this.#heldBytes + part.length > this.maxLineBytes) {
      this.#parts = [];
      this.#heldBytes = 0;
      this.#isTooLong = true;
      return;
    }
    this.#parts.push(Buffer.from(part));
    this.#heldBytes += part.length;
  }

  #takeText(): string | null {
    const text = this.#isTooLong ? null : Buffer.concat(this.#parts).toString("utf8");
    this.#parts = [];
    this.#heldBytes = 0;
    this.#isTooLong = false;
    return text;
  }
}

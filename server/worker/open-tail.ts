import { join } from "node:path";
import { controlFiles } from "@/server/agents/control-folder";
import type { AgentDriver, Step } from "@/server/agents/driver";
import { driverFor } from "@/server/agents/drivers";
import { freshRedaction, type RedactionState, type Redactor } from "@/server/agents/redact";
import { LineReader, readSpool, type SpoolLine } from "@/server/agents/spool";
import { limits } from "@/server/domain/limits";
import type { TranscriptEntry } from "@/server/domain/transcript";
import type { Hold, WorkerContext } from "./context";
import { createSecretRedactor } from "./create-secret-redactor";
import type { Work } from "./load-work";
import { readStoredOutput } from "./read-stored-output";

const stepBytes = 4 * limits.outputChunkBytes;
const stderrStepBytes = 16 * 1024;
const lastLinesBytes = 4096;

type StreamName = "output" | "stderr";

/** One spool file and how far it is stored. */
interface Stream {
  name: StreamName;
  path: string;
  storedBytes: number;
  redaction: RedactionState;
  /** Read into again and again: a flood of output makes no flood of buffers. */
  buffer: Buffer;
}

/** What one step of reading brings about; committed as a whole. */
export interface Batch {
  bytesRead: number;
  pieces: { stream: StreamName; offset: number; bytes: Buffer }[];
  outputBytes: number;
  stderrBytes: number;
  redactorState: RedactionState;
  stderrRedactorState: RedactionState;
  driverOffset: number;
  state: unknown;
  entries: TranscriptEntry[];
  replies: string;
  stdinBytes: number;
  isInputOver: boolean;
  closesInput: boolean;
  isTerminal: boolean;
  transcriptSeq: number;
}

/** The reader of an attempt's spool: begins where the database says, and moves on by batches. */
export class Tail {
  driverOffset: number;
  state: unknown;
  stdinBytes: number;
  isInputOver: boolean;
  isTerminal: boolean;
  transcriptSeq: number;
  storedAt = Number.NEGATIVE_INFINITY;
  #lastBytes = Buffer.alloc(0);

  constructor(
    readonly driver: AgentDriver,
    readonly redactor: Redactor,
    readonly output: Stream,
    readonly stderr: Stream,
    readonly lines: LineReader,
    attempt: Work["attempt"],
  ) {
    this.driverOffset = attempt.driverOffset;
    this.state = attempt.driverState;
    this.stdinBytes = attempt.stdinBytes;
    this.isInputOver = attempt.isInputOver;
    this.isTerminal = attempt.isTerminal;
    this.transcriptSeq = attempt.transcriptSeq;
  }

  get outputBytes(): number {
    return this.output.storedBytes;
  }

  get stderrBytes(): number {
    return this.stderr.storedBytes;
  }

  /** Takes over what was committed. */
  commit(batch: Batch): void {
    this.output.storedBytes = batch.outputBytes;
    this.stderr.storedBytes = batch.stderrBytes;
    this.output.redaction = batch.redactorState;
    this.stderr.redaction = batch.stderrRedactorState;
    this.driverOffset = batch.driverOffset;
    this.state = batch.state;
    this.stdinBytes = batch.stdinBytes;
    this.isInputOver = batch.isInputOver;
    this.isTerminal = batch.isTerminal;
    this.transcriptSeq = batch.transcriptSeq;
    this.storedAt = performance.now();
    const spoken = this.driver.reads === "raw" ? "output" : "stderr";
    for (const { stream, bytes } of batch.pieces) {
      if (stream === spoken) this.keepLast(bytes);
    }
  }

  keepLast(bytes: Buffer): void {
    const joined = Buffer.concat([this.#lastBytes, bytes.subarray(-lastLinesBytes)]);
    this.#lastBytes = Buffer.from(joined.subarray(-lastLinesBytes));
  }

  /** The end of what the agent's process said, for results and errors. */
  readLastLines(): string {
    return this.#lastBytes.toString("utf8").replaceAll("\u0000", "");
  }
}

/** Opens the spool where the database says that it is stored up to. */
export async function openTail(context: WorkerContext, hold: Hold, work: Work): Promise<Tail> {
  const { attempt } = work;
  const driver = driverFor(work.run.agent);
  const stream = (name: StreamName, storedBytes: number, redaction: unknown): Stream => ({
    name,
    path: join(hold.controlPath, controlFiles[name]),
    storedBytes,
    redaction: (redaction as RedactionState | null) ?? freshRedaction,
    buffer: Buffer.alloc(name === "output" ? stepBytes : stderrStepBytes),
  });
  const tail = new Tail(
    driver,
    createSecretRedactor(context),
    stream("output", attempt.outputBytes, attempt.redactorState),
    stream("stderr", attempt.stderrBytes, attempt.stderrRedactorState),
    new LineReader(attempt.driverOffset),
    attempt,
  );
  await replayUnreadLine(context, hold, tail);
  const spoken = driver.reads === "raw" ? tail.output : tail.stderr;
  const from = Math.max(0, spoken.storedBytes - lastLinesBytes);
  tail.keepLast(await readStoredOutput(context, hold, spoken.name, from, spoken.storedBytes));
  return tail;
}

/** Bytes that are stored but belong to a line that was not whole yet. */
async function replayUnreadLine(context: WorkerContext, hold: Hold, tail: Tail): Promise<void> {
  if (tail.driver.reads === "raw" || tail.driverOffset === tail.outputBytes) return;
  const bytes = await readStoredOutput(
    context,
    hold,
    "output",
    tail.driverOffset,
    tail.outputBytes,
  );
  tail.lines.push(bytes);
}

/** Reads on in both streams; null when there was nothing new. `isOver`: no more will be written. */
export async function advanceTail(tail: Tail, isOver: boolean): Promise<Batch | null> {
  const output = await readOn(tail, tail.output, isOver);
  const stderr = await readOn(tail, tail.stderr, isOver);
  const isLast = isOver && output.isAtEnd && stderr.isAtEnd;
  const found = takeLines(tail, output.bytes, isLast);
  const bytesRead = output.bytesRead + stderr.bytesRead;
  if (bytesRead === 0 && output.bytes.length + stderr.bytes.length === 0 && found.length === 0) {
    return null;
  }
  const told = tellDriver(tail, found);
  const replies = told.replies.join("");
  const outputBytes = tail.outputBytes + output.bytes.length;
  return {
    bytesRead: Math.max(1, bytesRead),
    pieces: [
      { stream: "output" as const, offset: tail.outputBytes, bytes: output.bytes },
      { stream: "stderr" as const, offset: tail.stderrBytes, bytes: stderr.bytes },
    ].filter(({ bytes }) => bytes.length > 0),
    outputBytes,
    stderrBytes: tail.stderrBytes + stderr.bytes.length,
    redactorState: output.redaction,
    stderrRedactorState: stderr.redaction,
    driverOffset:
      tail.driver.reads === "raw" ? outputBytes : (found.at(-1)?.endOffset ?? tail.driverOffset),
    state: told.state,
    entries: told.entries.map((entry) => withoutNul(entry)),
    replies,
    stdinBytes: tail.stdinBytes + Buffer.byteLength(replies),
    isInputOver: tail.isInputOver || told.isInputOver,
    closesInput: told.isInputOver && !tail.isInputOver,
    isTerminal: tail.isTerminal || told.isTerminal,
    transcriptSeq: tail.transcriptSeq + told.entries.length,
  };
}

/**
 * What was held back is read from the spool again, so that no beginning of a secret is ever stored
 * with the state.
 */
async function readOn(tail: Tail, stream: Stream, isOver: boolean) {
  const raw = await readSpool(stream.path, stream.storedBytes, stream.buffer);
  const isAtEnd = raw.length < stream.buffer.length;
  const { state, bytes } = tail.redactor.redact(stream.redaction, raw, isOver && isAtEnd);
  const isOnlyHeld = bytes.length === 0;
  return {
    bytes,
    bytesRead: isOnlyHeld ? 0 : bytes.length,
    isAtEnd: isAtEnd && bytes.length === raw.length,
    redaction: { ...state, held: "" },
  };
}

function takeLines(tail: Tail, bytes: Buffer, isLast: boolean): SpoolLine[] {
  if (tail.driver.reads === "raw") return [];
  const found = bytes.length > 0 ? tail.lines.push(bytes) : [];
  if (!isLast) return found;
  const rest = tail.lines.finish();
  return rest ? [...found, rest] : found;
}

interface Told {
  state: unknown;
  entries: TranscriptEntry[];
  replies: string[];
  isInputOver: boolean;
  isTerminal: boolean;
}

function tellDriver(tail: Tail, lines: SpoolLine[]): Told {
  const told: Told = {
    state: tail.state,
    entries: [],
    replies: [],
    isInputOver: false,
    isTerminal: false,
  };
  for (const { text } of lines) {
    if (text === null) {
      const size = `${limits.maxStreamLineBytes / 1024 ** 2} MiB`;
      told.entries.push({ kind: "notice", text: `A line longer than ${size} was left out here.` });
      continue;
    }
    const step: Step<unknown> = tail.driver.readLine(told.state, text);
    told.state = step.state;
    told.entries.push(...step.entries);
    told.replies.push(...step.replies);
    told.isInputOver ||= step.isInputOver;
    told.isTerminal ||= step.isTerminal;
  }
  return told;
}

/** PostgreSQL's text cannot hold NUL; the raw output keeps it. */
function withoutNul(entry: TranscriptEntry): TranscriptEntry {
  const text = JSON.stringify(entry);
  return text.includes("\\u0000")
    ? (JSON.parse(text.replaceAll("\\u0000", "\\ufffd")) as TranscriptEntry)
    : entry;
}

import { join } from "node:path";
import { controlFiles } from "@/server/agents/control-folder";
import type { AgentDriver } from "@/server/agents/driver";
import { driverFor } from "@/server/agents/drivers";
import { freshRedaction, type RedactionState, type Redactor } from "@/server/agents/redact";
import { LineReader, readSpool, type SpoolLine } from "@/server/agents/spool";
import type { SessionId } from "@/server/domain/ids";
import { limits } from "@/server/domain/limits";
import type { TranscriptEntry } from "@/server/domain/transcript";
import { askingOf } from "@/server/domain/workflow";
import type { Hold, WorkerContext } from "./context";
import {
  answerAllowed,
  beginTelling,
  type Talk,
  type Told,
  tellLines,
} from "./conversation/tell-driver";
import type { Work } from "./load-work";
import { openRunRedactor } from "./open-run-redactor";
import { readStoredOutput } from "./read-stored-output";

const stepBytes = 4 * limits.outputChunkBytes;
// More than the longest form of a secret, which is held back whole.
const stderrStepBytes = 64 * 1024;
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
  talk: Talk;
}

/** What a run's questions need to know of it. */
interface Asking {
  sessionId: SessionId;
  deadlineSeconds: number;
}

/** The reader of an attempt's spool: begins where the database says, and moves on by batches. */
export class Tail {
  driverOffset: number;
  state: unknown;
  stdinBytes: number;
  isInputOver: boolean;
  isTerminal: boolean;
  transcriptSeq: number;
  readonly asking: Asking;
  storedAt = Number.NEGATIVE_INFINITY;
  #lastBytes = Buffer.alloc(0);

  constructor(
    readonly driver: AgentDriver,
    readonly redactor: Redactor,
    readonly output: Stream,
    readonly stderr: Stream,
    readonly lines: LineReader,
    { attempt, run, definition }: Work,
  ) {
    this.driverOffset = attempt.driverOffset;
    this.state = attempt.driverState;
    this.stdinBytes = attempt.stdinBytes;
    this.isInputOver = attempt.isInputOver;
    this.isTerminal = attempt.isTerminal;
    this.transcriptSeq = attempt.transcriptSeq;
    const { deadlineSeconds } = askingOf(definition);
    this.asking = { sessionId: run.sessionId, deadlineSeconds };
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
    await openRunRedactor(context, work.run),
    stream("output", attempt.outputBytes, attempt.redactorState),
    stream("stderr", attempt.stderrBytes, attempt.stderrRedactorState),
    new LineReader(attempt.driverOffset),
    work,
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

/** Finds which of these tools were allowed for the whole session. */
export type FindAllowed = (tools: string[]) => Promise<Set<string>>;

/** Reads on in both streams; null when there was nothing new. `isOver`: no more will be written. */
export async function advanceTail(
  tail: Tail,
  isOver: boolean,
  findAllowed: FindAllowed,
): Promise<Batch | null> {
  const output = await readOn(tail, tail.output, isOver);
  const stderr = await readOn(tail, tail.stderr, isOver);
  const isLast = isOver && output.isAtEnd && stderr.isAtEnd;
  const found = takeLines(tail, output.bytes, isLast);
  const bytesRead = output.bytesRead + stderr.bytesRead;
  if (bytesRead === 0 && output.bytes.length + stderr.bytes.length === 0 && found.length === 0) {
    return null;
  }
  const told = beginTelling(tail.state);
  tellLines(tail.driver, told, found);
  if (told.questions.length > 0) {
    const allowed = await findAllowed(told.questions.map(({ tool }) => tool));
    answerAllowed(tail.driver, told, allowed);
  }
  const outputBytes = tail.outputBytes + output.bytes.length;
  return {
    ...describeTold(tail, told),
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
  };
}

/** The batch of what a driver was told; of the spool nothing more was read. */
export function describeTold(tail: Tail, told: Told): Batch {
  const replies = told.replies.join("");
  const { receipts, questions, settled } = told;
  return {
    bytesRead: 0,
    pieces: [],
    outputBytes: tail.outputBytes,
    stderrBytes: tail.stderrBytes,
    redactorState: tail.output.redaction,
    stderrRedactorState: tail.stderr.redaction,
    driverOffset: tail.driverOffset,
    state: told.state,
    entries: told.entries,
    replies,
    stdinBytes: tail.stdinBytes + Buffer.byteLength(replies),
    isInputOver: tail.isInputOver || told.isInputOver,
    closesInput: told.isInputOver && !tail.isInputOver,
    isTerminal: tail.isTerminal || told.isTerminal,
    transcriptSeq: tail.transcriptSeq + told.entries.length,
    talk: { receipts, questions, settled },
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

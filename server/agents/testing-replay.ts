import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TranscriptEntry } from "@/server/domain/transcript";
import type {
  AgentDriver,
  Conclusion,
  DriverContext,
  OperatorInput,
  Question,
  Receipt,
  Step,
} from "./driver";
import { LineReader } from "./spool";

const fixtures = join(import.meta.dirname, "fixtures");

/** One line of a recorded conversation with an agent's process. */
export interface Recorded {
  io: "out" | "err" | "in" | "meta";
  line: string | Record<string, unknown>;
}

export const listFixtures = (prefix: string): string[] =>
  readdirSync(fixtures)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.replace(/\.jsonl$/, ""));

export function readFixture(name: string): Recorded[] {
  const text = readFileSync(join(fixtures, `${name}.jsonl`), "utf8").trim();
  return text.split("\n").map((line) => JSON.parse(line) as Recorded);
}

/** The agent's stdout as it stood in the spool. */
export function spoolOf(recorded: Recorded[]): Buffer {
  const lines = recorded.flatMap(({ io, line }) => (io === "out" ? [line] : []));
  return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** What an operator says, and after how many lines of the agent. */
export interface TimedInput {
  afterLines: number;
  input: OperatorInput;
}

export interface Replayed<State> {
  conclusion: Conclusion;
  entries: TranscriptEntry[];
  receipts: Receipt[];
  questions: Question[];
  replies: string[];
  state: State;
  isInputOver: boolean;
}

export interface ReplayOptions<State> {
  driver: AgentDriver<State>;
  context: DriverContext;
  recorded: Recorded[];
  inputs?: TimedInput[];
  /** Only so many lines of the agent. */
  upTo?: number;
  /** In how large pieces the bytes arrive; left out, all at once. */
  pieceBytes?: number;
  /** After this line all but the stored state and offset is forgotten. */
  restartAfter?: number;
}

/** Feeds a recorded stream to a driver as the worker does: greeting, prompt, then every line. */
export function replay<State>(options: ReplayOptions<State>): Replayed<State> {
  const { driver, context, recorded, inputs = [], pieceBytes } = options;
  const spool = spoolOf(recorded);
  const all: Omit<Replayed<State>, "conclusion"> = {
    ...{ entries: [], receipts: [], questions: [], replies: [], isInputOver: false },
    state: undefined as State,
  };
  const take = (step: Step<State>) => {
    all.state = store(step.state);
    all.entries.push(...step.entries);
    all.receipts.push(...(step.receipts ?? []));
    all.questions.push(...(step.questions ?? []));
    all.replies.push(...step.replies);
    all.isInputOver ||= step.isInputOver;
  };
  const receive = (afterLines: number) => {
    for (const timed of inputs) {
      if (timed.afterLines === afterLines) take(driver.receive(all.state, timed.input));
    }
  };
  const greeted = greet(driver, context, spool);
  all.replies.push(...greeted.replies);
  if (!greeted.isNamed) {
    all.state = greeted.state as State;
    const conclusion = driver.conclude(all.state, readExit(recorded));
    return { ...all, isInputOver: true, conclusion };
  }
  take(driver.begin(context, greeted.state));
  receive(0);
  let lines = 0;
  for (const part of splitAt(spool.subarray(0, endOf(spool, options.upTo)), options.restartAfter)) {
    const reader = new LineReader(part.offset);
    for (let at = 0; at < part.bytes.length; at += pieceBytes ?? part.bytes.length) {
      const piece = part.bytes.subarray(at, at + (pieceBytes ?? part.bytes.length));
      for (const { text } of reader.push(piece)) {
        take(driver.readLine(all.state, text ?? ""));
        receive(++lines);
      }
    }
  }
  return { ...all, conclusion: driver.conclude(all.state, readExit(recorded)) };
}

/** The spool, cut in two after a line. */
function splitAt(spool: Buffer, afterLine: number | undefined) {
  const end = endOf(spool, afterLine);
  return [
    { offset: 0, bytes: spool.subarray(0, end) },
    { offset: end, bytes: spool.subarray(end) },
  ];
}

/** Where a line ends; without a number, the last. */
function endOf(spool: Buffer, line: number | undefined): number {
  if (line === undefined) return spool.length;
  let end = 0;
  for (let count = 0; count < line && end < spool.length; count++) end = spool.indexOf(10, end) + 1;
  return end;
}

/** As the database gives it back; frozen, because a driver changes nothing. */
function store<State>(state: State): State {
  return freeze(JSON.parse(JSON.stringify(state)) as State);
}

/** The lines up to the one that names the conversation; they are read again afterwards. */
function greet<State>(driver: AgentDriver<State>, context: DriverContext, spool: Buffer) {
  if (!driver.greet) return { state: undefined, replies: [], isNamed: true };
  let step = driver.greet(context);
  const replies = [...step.replies];
  for (const { text } of new LineReader(0).push(spool)) {
    step = driver.readLine(store(step.state), text ?? "");
    replies.push(...step.replies);
    if (step.nativeSessionId || step.isTerminal) break;
  }
  return { state: step.state, replies, isNamed: step.nativeSessionId !== undefined };
}

function readExit(recorded: Recorded[]) {
  const end = recorded.find(({ io, line }) => io === "meta" && String(line).startsWith("exit"));
  const code = Number(/code=(\d+)/.exec(String(end?.line))?.[1] ?? 0);
  const tail = recorded.filter(({ io }) => io === "err").map(({ line }) => line);
  return { code, signal: null, tail: tail.join("\n") };
}

function freeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) freeze(inner);
    Object.freeze(value);
  }
  return value;
}

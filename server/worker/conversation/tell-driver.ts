import type { AgentDriver, OperatorInput, Question, Receipt, Step } from "@/server/agents/driver";
import type { SpoolLine } from "@/server/agents/spool";
import { limits } from "@/server/domain/limits";
import type { TranscriptEntry } from "@/server/domain/transcript";

/** What became of messages and questions. */
export interface Talk {
  receipts: Receipt[];
  questions: AskedQuestion[];
  /** The agent's ids of questions that want no answer any more. */
  settled: string[];
}

export interface AskedQuestion extends Question {
  /** Its tool was allowed for the whole session before: the answer is given already. */
  isAllowedBefore: boolean;
}

/** What follows from all that a driver was told at once. */
export interface Told extends Talk {
  state: unknown;
  entries: TranscriptEntry[];
  replies: string[];
  isInputOver: boolean;
  isTerminal: boolean;
}

export function beginTelling(state: unknown): Told {
  const nothing = { entries: [], replies: [], receipts: [], questions: [], settled: [] };
  return { ...nothing, state, isInputOver: false, isTerminal: false };
}

/** Tells the driver what its agent said, line by line. */
export function tellLines(driver: AgentDriver, told: Told, lines: SpoolLine[]): void {
  for (const { text } of lines) {
    if (text !== null) {
      takeStep(told, driver.readLine(told.state, text));
      continue;
    }
    const size = `${limits.maxStreamLineBytes / 1024 ** 2} MiB`;
    told.entries.push({ kind: "notice", text: `A line longer than ${size} was left out here.` });
  }
}

/**
 * Tells the driver what an operator said. Answers whether the agent can take it: one whose input is
 * over takes nothing any more.
 */
export function tellInput(driver: AgentDriver, told: Told, input: OperatorInput): boolean {
  if (told.isInputOver) return false;
  takeStep(told, driver.receive(told.state, input));
  return true;
}

/** Answers at once what asks for a tool that was allowed for the whole session. */
export function answerAllowed(driver: AgentDriver, told: Told, allowed: Set<string>): void {
  for (const question of told.questions) {
    if (question.needsWords || !allowed.has(question.tool)) continue;
    const { questionId } = question;
    question.isAllowedBefore = tellInput(driver, told, {
      ...{ kind: "answer", id: questionId, questionId, isAllowed: true },
    });
  }
}

function takeStep(told: Told, step: Step<unknown>): void {
  told.state = step.state;
  told.entries.push(...step.entries.map((entry) => withoutNul(entry)));
  told.replies.push(...step.replies);
  told.isInputOver ||= step.isInputOver;
  told.isTerminal ||= step.isTerminal;
  told.receipts.push(...(step.receipts ?? []));
  told.settled.push(...(step.settled ?? []));
  for (const question of step.questions ?? []) {
    told.questions.push({ ...withoutNul(question), isAllowedBefore: false });
  }
}

/** PostgreSQL's text cannot hold NUL; the raw output keeps it. */
function withoutNul<Value>(value: Value): Value {
  const text = JSON.stringify(value);
  return text.includes("\\u0000")
    ? (JSON.parse(text.replaceAll("\\u0000", "\\ufffd")) as Value)
    : value;
}

import { describe, expect, it } from "vitest";
import { groupEntries } from "@/components/transcript/group-entries";
import type { MessageView, QuestionView } from "@/server/domain/conversation";
import type { TranscriptEntryView } from "@/server/domain/run-view";
import { joinConversation, listQueued } from "./join-conversation";
import { listSettledByOthers } from "./list-settled-by-others";
import { addMessage, changeMessage, settleQuestion } from "./optimistic-acts";

const at = (second: number) => new Date(second * 1000);

function message(id: string, state: MessageView["state"], second: number): MessageView {
  const none = { editedAt: null, handedOverAt: null, readAt: null, endedAt: null };
  return { id, runId: "r", state, text: id, by: "member:Ada", createdAt: at(second), ...none };
}

function question(id: string, state: QuestionView["state"], second: number): QuestionView {
  return {
    ...{ id, runId: "r", state, tool: "Bash", input: {}, reason: null, needsWords: false },
    ...{ askedAt: at(second), deadlineAt: at(second + 60), answeredAt: null, answeredBy: null },
    ...{ answerText: null, isForSession: false },
  };
}

const entries: TranscriptEntryView[] = [
  { seq: 5, attempt: 1, at: at(10), entry: { kind: "text", text: "one" } },
  { seq: 6, attempt: 1, at: at(20), entry: { kind: "message", text: "m1", messageId: "m1" } },
  { seq: 7, attempt: 1, at: at(30), entry: { kind: "text", text: "two" } },
];
const nodes = groupEntries(entries);
const join = (
  messages: MessageView[],
  questions: QuestionView[] = [],
  view = { isWhole: true, hasEarlier: false },
) => joinConversation(nodes, { messages, questions }, view).map(({ key }) => key);

describe("joining what was said with the transcript", () => {
  it("shows a message once: in the transcript, with its receipt, when it is told there", () => {
    const lines = joinConversation(
      nodes,
      { messages: [message("m1", "read", 1)], questions: [] },
      { isWhole: true, hasEarlier: false },
    );
    expect(lines.map(({ key }) => key)).toEqual(["e5", "e6", "e7"]);
    expect(lines.map((line) => line.kind === "entry" && line.message?.state)).toEqual([
      ...[undefined, "read", undefined],
    ]);
  });

  it("puts what the transcript does not tell at its time, and what is queued nowhere", () => {
    const messages = [
      ...[message("lost", "undelivered", 40), message("back", "withdrawn", 10)],
      ...[message("soon", "queued", 12), message("given", "handed_over", 13)],
    ];
    expect(join(messages)).toEqual(["e5", "mback", "mgiven", "e6", "e7", "mlost"]);
    expect(listQueued(messages).map(({ id }) => id)).toEqual(["soon"]);
  });

  it("puts settled questions at the time they were asked, and open ones nowhere", () => {
    const questions = [question("q1", "allowed", 15), question("q2", "open", 16)];
    expect(join([], questions)).toEqual(["e5", "qq1", "e6", "e7"]);
  });

  it("tells a refusal once: by the question whose denial it was", () => {
    const refuse = (seq: number, command: string): TranscriptEntryView => ({
      ...{ seq, attempt: 1, at: at(seq) },
      entry: { kind: "permission_denied", tool: "Bash", input: { command }, reason: "no" },
    });
    const refusals = groupEntries([refuse(1, "rm -rf"), refuse(2, "ls")]);
    const denied = { ...question("q", "denied", 0), input: { command: "rm -rf" } };
    const view = { isWhole: true, hasEarlier: false };
    const lines = joinConversation(refusals, { messages: [], questions: [denied] }, view);
    expect(lines.map(({ key }) => key)).toEqual(["qq", "e2"]);
  });

  it("leaves out what belongs to entries that are not loaded or filtered out", () => {
    const messages = [message("old", "withdrawn", 1), message("new", "withdrawn", 40)];
    expect(join(messages, [], { isWhole: true, hasEarlier: true })).toEqual([
      ...["e5", "e6", "e7", "mnew"],
    ]);
    expect(join(messages, [], { isWhole: false, hasEarlier: false })).toEqual(["e5", "e6", "e7"]);
  });
});

describe("what shows before the server has answered", () => {
  const view = {
    ...{ messages: [message("m1", "read", 1), message("m2", "queued", 2)], questions: [] },
    ...{ steering: "next_step" as const, maySteer: true, mayInterrupt: true },
  };

  it("is a new message as queued, and a change of one that still waits only", () => {
    const sent = { id: "x", runId: "r", text: "go", by: "member:Ada", now: at(3) };
    expect(addMessage(view, sent).messages.at(-1)).toMatchObject({ id: "x", state: "queued" });
    const texts = (id: string) =>
      changeMessage(view, id, { text: "new" }).messages.map((m) => m.text);
    expect([texts("m1"), texts("m2")]).toEqual([
      ["m1", "m2"],
      ["m1", "new"],
    ]);
  });

  it("is an answer to an open question only", () => {
    const questions = [question("q1", "open", 1), question("q2", "denied", 1)];
    const who = { by: "member:Ada", now: at(9) };
    const answered = (questionId: string) =>
      settleQuestion(questions, { questionId, decision: "allow_in_session" }, who);
    expect(answered("q1")[0]).toMatchObject({
      ...{ state: "allowed", isForSession: true, answeredBy: "member:Ada", answeredAt: at(9) },
    });
    expect(answered("q2")).toEqual(questions);
    const denied = settleQuestion(
      questions,
      { questionId: "q1", decision: "deny", text: "not now" },
      who,
    );
    expect(denied[0]).toMatchObject({
      state: "denied",
      answerText: "not now",
      isForSession: false,
    });
  });
});

it("names the questions that somebody else settled while they stood open here", () => {
  const questions = [
    { ...question("mine", "allowed", 1), answeredBy: "member:Ada" },
    { ...question("theirs", "denied", 1), answeredBy: "member:Bob" },
    { ...question("late", "expired", 1) },
    { ...question("before", "allowed", 1), answeredBy: "member:Bob" },
    { ...question("open", "open", 1) },
  ];
  const seen = new Set(["mine", "theirs", "late", "open"]);
  expect(listSettledByOthers(questions, seen, "member:Ada").map(({ id }) => id)).toEqual([
    ...["theirs", "late"],
  ]);
});

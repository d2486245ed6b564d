import { describe, expect, it } from "vitest";
import { sumUsage, wordSum } from "@/components/sessions/sum-usage";
import { nextMessageTool, type QuestionView } from "@/server/domain/conversation";
import { describeDeadline } from "./describe-deadline";
import { findSince } from "./message-words";
import { wordAsk, wordOutcome } from "./question-words";
import { readChoices, wordAnswers } from "./read-choices";
import { markTitle } from "./use-page-mark";

const at = (second: number) => new Date(second * 1000);
const question: QuestionView = {
  ...{ id: "q", runId: "r", state: "open", tool: "Bash", input: {}, reason: null },
  ...{ needsWords: false, askedAt: at(0), deadlineAt: at(300), answeredAt: null, answeredBy: null },
  ...{ answerText: null, isForSession: false },
};

it("counts a deadline down, warns in its last minute, and tells when it is over", () => {
  expect(describeDeadline(question, 0)).toEqual({
    ...{ words: "Denied by itself in 5 m 00 s", isSoon: false },
  });
  expect(describeDeadline({ ...question, needsWords: true }, 250_000)).toEqual({
    ...{ words: "The agent goes on without in 50 s", isSoon: true },
  });
  const pause = { ...question, tool: nextMessageTool, needsWords: true };
  expect(describeDeadline(pause, 0).words).toBe("The run ends in 5 m 00 s");
  expect(describeDeadline(question, 300_000).words).toMatch(/over/);
});

it("words what is asked and what became of it", () => {
  expect(wordAsk(question)).toBe("May the agent use Bash?");
  expect(wordAsk({ ...question, needsWords: true })).toBe("The agent asks");
  const pause = { ...question, tool: nextMessageTool, needsWords: true };
  expect(wordAsk(pause)).toMatch(/interrupted/);
  const outcomes = [
    { ...question, state: "allowed" as const },
    { ...question, state: "allowed" as const, isForSession: true },
    { ...question, state: "allowed" as const, needsWords: true },
    { ...question, state: "denied" as const },
    { ...pause, state: "denied" as const },
    { ...pause, state: "moot" as const },
  ];
  expect(outcomes.map(wordOutcome)).toEqual([
    ...["Allowed", "Allowed in this session", "Answered", "Denied", "The run was ended"],
    "Interrupted; a message came next",
  ]);
});

describe("the agent's own choices", () => {
  const input = {
    questions: [
      {
        question: "Which colour?",
        header: "Colour",
        options: [{ label: "Red", description: "warm" }, "Blue", { nonsense: 1 }],
      },
      { question: "Which sizes?", header: "Sizes", multiSelect: true, options: [{ label: "S" }] },
      { nothing: "asked" },
    ],
  };

  it("are read out of its question, and nothing else is", () => {
    expect(readChoices(input)).toMatchObject([
      {
        ...{ question: "Which colour?", isMultiple: false },
        options: [
          { label: "Red", description: "warm" },
          { label: "Blue", description: null },
        ],
      },
      { question: "Which sizes?", isMultiple: true, options: [{ label: "S" }] },
    ]);
    expect([readChoices(null), readChoices({ questions: "x" }), readChoices({})]).toEqual([
      ...[[], [], []],
    ]);
  });

  it("become words, each after its question when there are several", () => {
    const choices = readChoices(input);
    expect(wordAnswers(choices.slice(0, 1), [["Red", ""]])).toBe("Red");
    expect(wordAnswers(choices, [["Blue"], ["S", "my own"]])).toBe(
      "Colour: Blue\nSizes: S, my own",
    );
  });
});

it("says since when a message is in its state", () => {
  const message = {
    ...{ id: "m", runId: "r", text: "x", by: "coppice", createdAt: at(1), editedAt: at(2) },
    ...{ handedOverAt: at(3), readAt: at(4), endedAt: at(5) },
  };
  const states = ["queued", "handed_over", "read", "undelivered", "withdrawn"] as const;
  expect(states.map((state) => findSince({ ...message, state }))).toEqual([
    ...[at(2), at(3), at(4), at(5), at(5)],
  ]);
});

it("marks a title with what waits, once, and takes the mark off again", () => {
  expect(markTitle("Runs · Coppice", 2)).toBe("(2) Runs · Coppice");
  expect(markTitle("(2) Runs · Coppice", 3)).toBe("(3) Runs · Coppice");
  expect(markTitle("(3) Runs · Coppice", 0)).toBe("Runs · Coppice");
});

it("sums what a session used, and calls unknown what nobody knows", () => {
  const run = (costUsd: number | null, inputTokens: number | null) => ({
    usage: { costUsd, inputTokens, outputTokens: null, cachedTokens: null, turns: null },
  });
  const used = sumUsage([run(0.5, 10), run(null, 5), run(0, 1)]);
  expect(used.costUsd).toEqual({ sum: 0.5, unknown: 1 });
  expect(wordSum(used.costUsd, (usd) => `$${usd}`)).toBe("$0.5, 1 run unknown");
  expect(wordSum(used.inputTokens, String)).toBe("16");
  expect(wordSum(used.outputTokens, String)).toBe("unknown");
});

import { describe, expect, it } from "vitest";
import { describeFound, describeOutcome } from "./recovery";

describe("what a worker finds at its start", () => {
  const alive = { status: "running", phase: "running", pid: 7, isAgentAlive: true } as const;

  it("is adopted at once when its agent lives", () => {
    expect(describeFound(alive)).toEqual({
      outcome: "adopted",
      sentence: "Its agent (process 7) went on by itself and is followed again.",
    });
  });

  it("waits for its outcome in every other case", () => {
    const dead = { ...alive, isAgentAlive: false };
    const cases = [
      describeFound({ ...dead, phase: "exited" }),
      describeFound({ ...dead, phase: "lost" }),
      describeFound({ ...dead, status: "preparing", phase: "absent" }),
      describeFound({ ...alive, status: "preparing", phase: "ready" }),
      describeFound({ ...dead, status: "finishing", phase: "exited" }),
    ];
    expect(cases.map(({ outcome }) => outcome)).toEqual(Array(5).fill("pending"));
    expect(new Set(cases.map(({ sentence }) => sentence)).size).toBe(4);
  });
});

describe("what became of it", () => {
  const now = { currentAttempt: 1, attempt: 1, isAgentLetGo: true } as const;

  it("is told by the attempt's own end and by where the run stands", () => {
    const told = (status: never, endReason: never, currentAttempt = 1) =>
      describeOutcome({ ...now, currentAttempt, status, endReason })?.outcome;
    expect(told("succeeded" as never, "completed" as never)).toBe("finished");
    expect(told("failed" as never, "command_failed" as never)).toBe("finished");
    expect(told("failed" as never, "worker_lost" as never)).toBe("given_up");
    expect(told("queued" as never, "worker_lost" as never)).toBe("queued_again");
    expect(told("running" as never, "worker_lost" as never, 2)).toBe("queued_again");
    expect(told("running" as never, null as never)).toBe("adopted");
  });

  it("is not guessed while nothing has happened yet", () => {
    const still = { ...now, endReason: null };
    expect(describeOutcome({ ...still, status: "preparing" })).toBeNull();
    expect(describeOutcome({ ...still, status: "finishing" })).toBeNull();
    expect(describeOutcome({ ...still, status: "running", isAgentLetGo: false })).toBeNull();
  });
});

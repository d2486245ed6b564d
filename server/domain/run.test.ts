import { describe, expect, it } from "vitest";
import type { Actor } from "./actor";
import { findAvailableActions, waitReasonLabels, waitReasons } from "./run";
import { runStatuses, terminalStatuses } from "./run-status";

const operator: Actor = { kind: "member", id: "m1", name: "Ada", role: "operator" };
const viewer: Actor = { ...operator, role: "viewer" };

describe("the actions of a run", () => {
  const agent = "claude-code" as const;

  it("are none for who may only look", () => {
    for (const status of runStatuses) {
      expect(findAvailableActions({ agent, status, isCancelAsked: false }, viewer)).toEqual([]);
    }
  });

  it("are rerun and continue once it has ended", () => {
    for (const status of terminalStatuses) {
      expect(findAvailableActions({ agent, status, isCancelAsked: true }, operator)).toEqual([
        "rerun",
        "continue",
      ]);
    }
  });

  it("are cancel while its agent may still be stopped", () => {
    for (const status of ["queued", "preparing", "running"] as const) {
      const run = { agent: "shell" as const, status, isCancelAsked: false };
      expect(findAvailableActions(run, operator)).toEqual(["cancel"]);
    }
  });

  it.each([
    ["queued", ["cancel", "steer"]],
    ["preparing", ["cancel", "steer"]],
    ["running", ["cancel", "steer", "interrupt"]],
    ["waiting", ["cancel", "steer", "interrupt", "answer"]],
  ] as const)("of a %s run with an agent that reads messages are %j", (status, actions) => {
    expect(findAvailableActions({ agent, status, isCancelAsked: false }, operator)).toEqual(
      actions,
    );
  });

  it("are to force the next step while it is being stopped", () => {
    expect(
      findAvailableActions({ agent, status: "running", isCancelAsked: true }, operator),
    ).toEqual(["force_cancel"]);
  });

  it("are to try now as well while it waits for a time alone", () => {
    const waiting = (waitReason: "usage_limit" | "retry_delay" | "slot") =>
      findAvailableActions({ agent, status: "queued", waitReason, isCancelAsked: false }, operator);
    expect(waiting("usage_limit")).toEqual(["cancel", "try_now", "steer"]);
    expect(waiting("retry_delay")).toEqual(["cancel", "try_now", "steer"]);
    expect(waiting("slot")).toEqual(["cancel", "steer"]);
  });

  it("are none while it is being finished", () => {
    const run = { agent, status: "finishing" as const, isCancelAsked: false };
    expect(findAvailableActions(run, operator)).toEqual([]);
  });
});

it("has words for every reason to wait", () => {
  for (const reason of waitReasons) expect(waitReasonLabels[reason], reason).not.toBe("");
});

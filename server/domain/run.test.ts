import { describe, expect, it } from "vitest";
import type { Actor } from "./actor";
import { findAvailableActions, waitReasonLabels, waitReasons } from "./run";
import { runStatuses, terminalStatuses } from "./run-status";

const operator: Actor = { kind: "member", id: "m1", name: "Ada", role: "operator" };
const viewer: Actor = { ...operator, role: "viewer" };

describe("the actions of a run", () => {
  it("are none for who may only look", () => {
    for (const status of runStatuses) {
      expect(findAvailableActions({ status, isCancelAsked: false }, viewer)).toEqual([]);
    }
  });

  it("are rerun and continue once it has ended", () => {
    for (const status of terminalStatuses) {
      expect(findAvailableActions({ status, isCancelAsked: true }, operator)).toEqual([
        "rerun",
        "continue",
      ]);
    }
  });

  it("are cancel while its agent may still be stopped", () => {
    for (const status of ["queued", "preparing", "running", "waiting"] as const) {
      expect(findAvailableActions({ status, isCancelAsked: false }, operator)).toEqual(["cancel"]);
    }
  });

  it("are to force the next step while it is being stopped", () => {
    expect(findAvailableActions({ status: "running", isCancelAsked: true }, operator)).toEqual([
      "force_cancel",
    ]);
  });

  it("are none while it is being finished", () => {
    expect(findAvailableActions({ status: "finishing", isCancelAsked: false }, operator)).toEqual(
      [],
    );
  });
});

it("has words for every reason to wait", () => {
  for (const reason of waitReasons) expect(waitReasonLabels[reason], reason).not.toBe("");
});

import { describe, expect, it } from "vitest";
import {
  chooseChecks,
  composeMendMessage,
  decideAfterChecks,
  describeCommandEnd,
  failingTailBytes,
  needsSetUp,
} from "./checking";
import type { AgentKind } from "./workflow";
import type { CommandState } from "./workspace-commands";

const check = (name: string) => ({ name, command: "true", timeoutSeconds: 60 });

describe("the checks of a run", () => {
  it("are the workflow's own where it has any, or says that it has none", () => {
    const repository = { checks: [check("ours")], checkRounds: 2 };
    expect(chooseChecks({}, repository)).toEqual(repository);
    expect(chooseChecks({ checks: [], checkRounds: 0 }, repository)).toEqual({
      checks: [],
      checkRounds: 0,
    });
    expect(chooseChecks({ checks: [check("own")] }, repository)).toEqual({
      checks: [check("own")],
      checkRounds: 2,
    });
  });
});

describe("after a round of checks", () => {
  const facts = {
    states: ["passed", "failed"] as CommandState[],
    sentBack: 0,
    checkRounds: 1,
    agent: "claude-code" as AgentKind,
    isCancelAsked: false,
  };

  const cases: [string, Partial<typeof facts>][] = [
    ["passed", { states: ["passed", "passed"] }],
    ["passed", { states: ["passed"], isCancelAsked: true }],
    ["sent_back", {}],
    ["sent_back", { states: ["lost"] }],
    ["failed", { sentBack: 1 }],
    ["failed", { checkRounds: 0 }],
    ["failed", { agent: "shell" }],
    ["cancelled", { isCancelAsked: true }],
    ["cancelled", { states: ["failed", "cancelled"] }],
    ["failed", { states: [], checkRounds: 0 }],
  ];
  it.each(cases)("the run is %s with %j", (decision, given) => {
    expect(decideAfterChecks({ ...facts, ...given })).toBe(decision);
  });
});

describe("what goes back to the agent", () => {
  const failed = {
    ...{ name: "test", command: "npm test", state: "failed" as const },
    ...{ exitCode: 1, exitSignal: null, note: null, tail: "1 failed\n" },
  };

  it("names each check that did not pass, how it ended, and what it said last", () => {
    const slow = {
      ...failed,
      name: "slow",
      state: "timed_out" as const,
      note: "took too long",
      tail: "",
    };
    const text = composeMendMessage([failed, slow], { number: 1, of: 2 });
    expect(text).toContain("2 of them did not pass (round 1 of 2)");
    expect(text).toContain(
      "Check “test” failed with exit code 1.\nIts command: npm test\nThe end of its output:\n\n1 failed",
    );
    expect(text).toContain(
      "Check “slow” took too long.\nIts command: npm test\nNo output is shown.",
    );
  });

  it("keeps to the end of long outputs, from a whole line on, and to a bound over all", () => {
    const tail = `${"ö".repeat(90)}\n`.repeat(100);
    const one = composeMendMessage([{ ...failed, tail }], { number: 1, of: 1 });
    expect(one.length).toBeLessThan(failingTailBytes);
    expect(one.endsWith(`\n\n${`${"ö".repeat(90)}\n`.repeat(22)}`.trimEnd())).toBe(true);
    const many = composeMendMessage(Array(20).fill({ ...failed, tail }), { number: 1, of: 1 });
    expect(Buffer.byteLength(many)).toBeLessThan(32 * 1024);
  });

  it("says of a lost or a killed check what is known", () => {
    const end = { exitCode: null, exitSignal: null, note: null };
    expect(describeCommandEnd({ ...end, state: "lost" })).toContain("was lost");
    expect(describeCommandEnd({ ...end, state: "failed", exitSignal: "SIGKILL" })).toBe(
      "was ended by SIGKILL",
    );
  });
});

it.each([
  [true, { when: "every_run", isNewWorkspace: false, hasPassed: true }],
  [true, { when: "new_workspace", isNewWorkspace: true, hasPassed: true }],
  [true, { when: "new_workspace", isNewWorkspace: false, hasPassed: false }],
  [false, { when: "new_workspace", isNewWorkspace: false, hasPassed: true }],
] as const)("a set-up is needed: %s with %j", (isNeeded, facts) => {
  expect(needsSetUp(facts)).toBe(isNeeded);
});

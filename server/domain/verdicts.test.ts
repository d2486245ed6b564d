import { describe, expect, it } from "vitest";
import { decideVerdict, declaresNoChange, noChangeMarker } from "./verdicts";

const changed = { hasChanges: true, checksPassed: null, declaredNoChange: false };

describe("a verdict", () => {
  it("is verified only by checks that passed", () => {
    expect(decideVerdict({ ...changed, checksPassed: true })).toBe("verified");
    expect(decideVerdict({ ...changed, checksPassed: false })).toBe("unverified");
    expect(decideVerdict(changed)).toBe("unverified");
  });

  it("never calls an empty diff a plain success, even with passing checks", () => {
    const empty = { ...changed, hasChanges: false, checksPassed: true };

    expect(decideVerdict(empty)).toBe("nothing_produced");
    expect(decideVerdict({ ...empty, declaredNoChange: true })).toBe("no_change");
  });

  it("believes commits more than the agent's word that nothing was needed", () => {
    expect(decideVerdict({ ...changed, declaredNoChange: true })).toBe("unverified");
  });
});

describe("the agent's word that nothing was needed", () => {
  it("is its marker, anywhere in the result", () => {
    expect(declaresNoChange(`Looked at it.\n${noChangeMarker}\nBye.`)).toBe(true);
    expect(declaresNoChange("No change needed, I think.")).toBe(false);
    expect(declaresNoChange(null)).toBe(false);
  });
});

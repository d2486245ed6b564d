import { describe, expect, it } from "vitest";
import { addUsage, type Usage, unknownUsage } from "./usage";

const used: Usage = { inputTokens: 10, outputTokens: 5, cachedTokens: 0, costUsd: 0.5, turns: 2 };

describe("usage", () => {
  it("adds up field by field", () => {
    expect(addUsage(used, { ...used, turns: 3 })).toEqual({
      ...{ inputTokens: 20, outputTokens: 10, cachedTokens: 0, costUsd: 1, turns: 5 },
    });
  });

  it("stays unknown when nobody said anything, and is never taken for 0", () => {
    expect(addUsage(unknownUsage, unknownUsage)).toEqual(unknownUsage);
  });

  it("keeps what one side knows", () => {
    expect(addUsage(unknownUsage, used)).toEqual(used);
    expect(addUsage(used, unknownUsage)).toEqual(used);
    expect(addUsage({ ...used, costUsd: null }, { ...used, turns: null })).toMatchObject({
      costUsd: 0.5,
      turns: 2,
    });
  });
});

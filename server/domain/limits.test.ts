import { describe, expect, it } from "vitest";
import { limits, utf8Length } from "./limits";

describe("the limits", () => {
  it("keep a run's time below the 24 hours for which a job can be held", () => {
    expect(limits.maxTimeoutSeconds).toBeLessThan(24 * 3600);
    expect(limits.defaultTimeoutSeconds).toBeLessThanOrEqual(limits.maxTimeoutSeconds);
  });

  it("are whole numbers above 0", () => {
    for (const [name, value] of Object.entries(limits)) {
      expect(Number.isInteger(value) && value > 0, name).toBe(true);
    }
  });

  it("let a page be no smaller than what is asked for by default", () => {
    expect(limits.pageSize).toBeLessThanOrEqual(limits.maxPageSize);
  });
});

describe("the length of a text", () => {
  it.each([
    ["", 0],
    ["abc", 3],
    ["ü", 2],
    ["€", 3],
    ["😀", 4],
  ])("of %j is %i bytes", (text, bytes) => {
    expect(utf8Length(text)).toBe(bytes);
    expect(utf8Length(text)).toBe(Buffer.byteLength(text));
  });
});

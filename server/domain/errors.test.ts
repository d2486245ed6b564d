import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  AttemptSuperseded,
  BadInput,
  Conflict,
  DomainError,
  describeError,
  NotFound,
} from "./errors";
import { parseInput } from "./parse-input";

describe("an error of ours", () => {
  it("keeps its cause, its facts and the next step", () => {
    const cause = new Error("the disk");
    const error = new Conflict("It is in use.", { cause, hint: "Wait.", facts: { pid: 7 } });

    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ code: "conflict", name: "Conflict", hint: "Wait.", cause });
    expect(error.facts).toEqual({ pid: 7 });
  });

  it("names what was not found, and a lost claim", () => {
    expect(new NotFound("run", "42")).toMatchObject({
      code: "not_found",
      message: 'There is no run "42".',
      facts: { what: "run", key: "42" },
    });
    expect(new AttemptSuperseded("r1", 3).facts).toEqual({ runId: "r1", fence: 3 });
  });

  it("is described by its message, whatever was thrown", () => {
    expect(describeError(new Error("broken"))).toBe("broken");
    expect(describeError("broken")).toBe("broken");
    expect(describeError(null)).toBe("null");
  });
});

describe("input", () => {
  const schema = z.strictObject({ name: z.string().min(1, "Give a name."), size: z.int() });

  it("is given back as its schema reads it", () => {
    expect(parseInput(schema, { name: "a", size: 1 })).toEqual({ name: "a", size: 1 });
  });

  it("is refused with a message for each wrong field", () => {
    const refused = () => parseInput(schema, { name: "", size: "x" });

    expect(refused).toThrow(BadInput);
    expect(refused).toThrow(/name: Give a name/);
    try {
      refused();
    } catch (error) {
      expect(Object.keys((error as BadInput).fields ?? {})).toEqual(["name", "size"]);
    }
  });
});

import { describe, expect, it } from "vitest";
import type { DriverContext } from "./driver";
import { shell } from "./shell";

const context = { program: "/bin/bash", command: "make test", prompt: "Fix it." } as DriverContext;

describe("shell", () => {
  it("runs the workflow's command by bash and shows the message", () => {
    expect(shell.launch(context).argv).toEqual(["/bin/bash", "-c", "make test"]);
    const step = shell.begin(context);
    expect(step).toMatchObject({ replies: [], isInputOver: true, isTerminal: false });
    expect(step.entries).toEqual([{ kind: "message", text: "Fix it." }]);
  });

  it("takes the last line that says something as the result", () => {
    const conclusion = shell.conclude({}, { code: 0, signal: null, tail: "a\nb  \n\n" });
    expect(conclusion).toMatchObject({ reason: "completed", result: "b", error: null });
  });

  it.each([
    [{ code: 3, signal: null, tail: "oh no\n" }, "exit code 3. Its last line: oh no"],
    [{ code: 127, signal: null, tail: "" }, "a command was not found"],
    [{ code: null, signal: "SIGTERM", tail: "" }, "ended by SIGTERM"],
    [{ code: null, signal: "SIGKILL", tail: "" }, "for want of memory"],
    [{ code: null, signal: null, tail: "" }, "is not known"],
  ])("explains the end %j", (exit, words) => {
    const conclusion = shell.conclude({}, exit);
    expect(conclusion).toMatchObject({ reason: "command_failed", result: null });
    expect(conclusion.error).toContain(words);
  });
});

import { describe, expect, it } from "vitest";
import type { TranscriptEntryView } from "@/server/domain/run-view";
import type { TranscriptEntry } from "@/server/domain/transcript";
import { describeTool, formatInput } from "./describe-tool";
import { collectTodos, readTodos } from "./read-todos";

const show = (todos: ReturnType<typeof readTodos>) =>
  todos?.map(({ text, state }) => `${text}: ${state}`);
const called = (name: string, input: unknown, toolId = name): TranscriptEntry => ({
  ...{ kind: "tool_call", toolId, name, input },
});
const view = (entry: TranscriptEntry, index: number): TranscriptEntryView => ({
  ...{ seq: index + 1, attempt: 1, at: new Date(0), entry },
});
const collect = (...entries: TranscriptEntry[]) => show(collectTodos(entries.map(view)));

describe("an agent's list of steps", () => {
  const todos = [
    { content: "look", status: "completed", activeForm: "looking" },
    { content: "mend", status: "in_progress", activeForm: "mending" },
    { content: "test", status: "pending", activeForm: "testing" },
  ];
  const shown = ["look: done", "mend: current", "test: open"];

  it("is read from Claude Code's, Codex' and an ACP agent's own call", () => {
    expect(show(readTodos("TodoWrite", { todos }))).toEqual(shown);
    const plan = todos.map(({ content, status }) => ({
      step: content,
      status: status === "in_progress" ? "inProgress" : status,
    }));
    expect(show(readTodos("update_plan", { plan }))).toEqual(shown);
    expect(show(readTodos("plan", { entries: todos }))).toEqual(shown);
    expect(readTodos("Bash", { todos })).toBeNull();
    expect(readTodos("ExitPlanMode", { plan: "a text" })).toBeNull();
    expect(describeTool("TodoWrite", { todos })).toBe("1 of 3 steps done");
  });

  it("is the newest whole one, never a sub-agent's", () => {
    const inner = { ...called("TodoWrite", { todos: [] }, "t2"), parentToolId: "x" };
    expect(
      collect(called("TodoWrite", { todos: [] }), called("TodoWrite", { todos }), inner),
    ).toEqual(shown);
    expect(collect(called("Bash", { command: "ls" }))).toBeUndefined();
  });

  it("is gathered from tasks that are made and moved one by one", () => {
    const made = (id: string, subject: string): TranscriptEntry[] => [
      called("TaskCreate", { subject, description: "" }, `make-${id}`),
      { kind: "tool_result", toolId: `make-${id}`, isError: false, text: `Task #${id} created` },
    ];
    expect(
      collect(
        ...[...made("4", "look"), ...made("7", "mend"), ...made("9", "drop")],
        called("TaskUpdate", { taskId: "4", status: "completed" }),
        called("TaskUpdate", { taskId: "7", status: "in_progress", subject: "mend it" }),
        called("TaskUpdate", { taskId: "9", status: "deleted" }),
      ),
    ).toEqual(["look: done", "mend it: current"]);
  });
});

describe("a tool's input in one line", () => {
  it("is what tells most, with paths as the repository knows them", () => {
    const folder = "/srv/home/workspaces/3baac43c-65e5-4818-bcad-062266540907";
    const path = `${folder}/ba2d1f8b-f1ab-4b0c-ae34-508e83ebbe81/src/a.js`;
    expect(describeTool("Write", { file_path: path, content: "x" })).toBe("src/a.js");
    expect(describeTool("Read", { file_path: "/etc/hosts" })).toBe("/etc/hosts");
    expect(describeTool("Ask", { questions: [{ question: "Which?" }] })).toBe("Which?");
    expect(describeTool("x", { odd: 1 })).toBe('{"odd":1}');
  });

  it("stands whole below it, a command apart from what it is for", () => {
    expect(formatInput({ command: "ls", description: "Look", timeout: 5 })).toEqual({
      ...{ note: "Look", text: 'ls\n{\n  "timeout": 5\n}' },
    });
    expect(formatInput("plain")).toEqual({ note: null, text: "plain" });
  });
});

import type { TranscriptEntryView } from "@/server/domain/run-view";

export interface Todo {
  text: string;
  state: "open" | "current" | "done";
}

const states: Record<string, Todo["state"]> = {
  in_progress: "current",
  inProgress: "current",
  completed: "done",
};

/**
 * The whole list of steps that a tool's call carries: Claude Code's TodoWrite, Codex' update_plan, a
 * plan of an ACP agent. Null for any other call.
 */
export function readTodos(name: string, input: unknown): Todo[] | null {
  if (!/todo|plan/i.test(name) || typeof input !== "object" || input === null) return null;
  const { todos, plan, entries } = input as Record<string, unknown>;
  const list = [todos, plan, entries].find((each) => Array.isArray(each));
  if (!Array.isArray(list)) return null;
  return list.flatMap((each: unknown) => {
    if (typeof each !== "object" || each === null) return [];
    const { content, step, text, status } = each as Record<string, unknown>;
    const words = [content, step, text].find((part) => typeof part === "string");
    if (typeof words !== "string") return [];
    return [{ text: words, state: states[String(status)] ?? "open" }];
  });
}

/**
 * The agent's own list of steps as it stands at the end of these entries; null when it keeps none.
 * Claude Code's task tools tell it a step at a time: a step's id stands in the result of its making.
 */
export function collectTodos(entries: TranscriptEntryView[]): Todo[] | null {
  let list: Todo[] | null = null;
  const tasks = new Map<string, Todo>();
  const results = new Map<string, string>();
  for (const { entry } of entries) {
    if (entry.kind === "tool_result") results.set(entry.toolId, entry.text);
  }
  for (const { entry } of entries) {
    if (entry.kind !== "tool_call" || entry.parentToolId !== undefined) continue;
    list = readTodos(entry.name, entry.input) ?? list;
    if (!/^Task(Create|Update)$/.test(entry.name)) continue;
    const input = (entry.input ?? {}) as Record<string, unknown>;
    if (entry.name === "TaskCreate") {
      const id = /#(\d+)/.exec(results.get(entry.toolId) ?? "")?.[1] ?? String(tasks.size + 1);
      tasks.set(id, { text: String(input.subject ?? ""), state: "open" });
    } else updateTask(tasks, input);
  }
  return tasks.size > 0 ? [...tasks.values()] : list;
}

function updateTask(tasks: Map<string, Todo>, input: Record<string, unknown>): void {
  const id = String(input.taskId ?? "");
  const task = tasks.get(id);
  if (!task) return;
  if (input.status === "deleted") tasks.delete(id);
  else if (typeof input.status === "string") task.state = states[input.status] ?? "open";
  if (typeof input.subject === "string") task.text = input.subject;
}

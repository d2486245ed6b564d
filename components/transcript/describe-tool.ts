import { readChoices } from "@/components/conversation/read-choices";
import { readTodos } from "./read-todos";

/** Where runs work: what a path begins with there says nothing to a reader. */
const workspaceFolder = /^.*\/workspaces\/[0-9a-f-]{36}\/[0-9a-f-]{36}\//;

/** A path below a run's workspace as the repository knows it; any other as it is. */
export function shortenPath(path: string): string {
  return path.replace(workspaceFolder, "");
}

const tellingFields = [
  "command",
  "file_path",
  "filePath",
  "notebook_path",
  "path",
  "pattern",
  "query",
  "url",
  "description",
  "prompt",
  "subject",
];

/** The one field of a tool's input that tells most, in one line; of a list of steps how far it is. */
export function describeTool(name: string, input: unknown): string {
  const todos = readTodos(name, input);
  if (todos) {
    const done = todos.filter(({ state }) => state === "done").length;
    return `${done} of ${todos.length} steps done`;
  }
  const [choice] = readChoices(input);
  if (choice) return oneLine(choice.question);
  if (typeof input === "string") return oneLine(input);
  if (typeof input !== "object" || input === null) return "";
  for (const field of tellingFields) {
    const value = (input as Record<string, unknown>)[field];
    if (typeof value === "string" && value) return oneLine(shortenPath(value));
  }
  return oneLine(JSON.stringify(input));
}

/** A tool's input to be read: a command apart from what it is for, the rest as JSON. */
export function formatInput(input: unknown): { note: string | null; text: string } {
  if (typeof input === "string") return { note: null, text: input };
  if (typeof input === "object" && input !== null && "command" in input) {
    const { command, description, ...rest } = input as Record<string, unknown>;
    const note = typeof description === "string" ? description : null;
    const others = Object.keys(rest).length > 0 ? `\n${JSON.stringify(rest, null, 2)}` : "";
    if (typeof command === "string") return { note, text: command + others };
  }
  return { note: null, text: JSON.stringify(input, null, 2) ?? "" };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 200);
}

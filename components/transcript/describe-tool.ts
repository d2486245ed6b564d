import { readTodos } from "./read-todos";

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
  if (typeof input === "string") return oneLine(input);
  if (typeof input !== "object" || input === null) return "";
  for (const field of tellingFields) {
    const value = (input as Record<string, unknown>)[field];
    if (typeof value === "string" && value) return oneLine(value);
  }
  return oneLine(JSON.stringify(input));
}

/** A tool's input to be read: a command as it is, the rest as JSON. */
export function formatInput(input: unknown): string {
  if (typeof input === "string") return input;
  if (typeof input === "object" && input !== null && "command" in input) {
    const { command, ...rest } = input;
    const others = Object.keys(rest).length > 0 ? `\n${JSON.stringify(rest, null, 2)}` : "";
    if (typeof command === "string") return command + others;
  }
  return JSON.stringify(input, null, 2) ?? "";
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 200);
}

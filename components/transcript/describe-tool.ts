const tellingFields = [
  "command",
  "file_path",
  "path",
  "pattern",
  "query",
  "url",
  "description",
  "prompt",
];

/** The one field of a tool's input that tells most, in one line. */
export function describeTool(input: unknown): string {
  if (typeof input === "string") return oneLine(input);
  if (typeof input !== "object" || input === null) return "";
  for (const field of tellingFields) {
    const value = (input as Record<string, unknown>)[field];
    if (typeof value === "string" && value) return oneLine(value);
  }
  return oneLine(JSON.stringify(input));
}

/** A replacement of text in a file, if that is what the tool was asked to do. */
export function findEdit(input: unknown): { path: string; before: string; after: string } | null {
  if (typeof input !== "object" || input === null) return null;
  const { file_path, old_string, new_string } = input as Record<string, unknown>;
  if (typeof old_string !== "string" || typeof new_string !== "string") return null;
  return {
    path: typeof file_path === "string" ? file_path : "",
    before: old_string,
    after: new_string,
  };
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

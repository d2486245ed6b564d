import { asFields, asList, asNumber, asText, type Fields, fieldsIn } from "./json-fields";

export interface CodexTool {
  name: string;
  input: unknown;
  isError: boolean;
  result: string;
}

/** What an item is as a tool of the agent; null for items that are none. */
export function describeCodexTool(item: Fields, workspacePath: string): CodexTool | null {
  const type = asText(item.type);
  if (type === null || notTools.has(type)) return null;
  return (describers[type] ?? describeUnknown)(item, workspacePath);
}

const notTools = new Set([
  ...["userMessage", "hookPrompt", "agentMessage", "plan", "reasoning", "contextCompaction"],
  ...["subAgentActivity", "enteredReviewMode", "exitedReviewMode"],
]);

const describers: Record<string, (item: Fields, workspacePath: string) => CodexTool> = {
  commandExecution: describeCommand,
  fileChange: describeChange,
  mcpToolCall: describeMcpCall,
  webSearch: ({ query, action }) => told("web_search", { query, action }),
  imageView: ({ path }) => told("view_image", { path }),
};

function told(name: string, input: unknown, isError = false, result = ""): CodexTool {
  return { name, input, isError, result };
}

function describeCommand(item: Fields, workspacePath: string): CodexTool {
  const { command, cwd, status } = item;
  const input = { command, ...(cwd !== workspacePath && { cwd }) };
  const exitCode = asNumber(item.exitCode);
  const isError = status === "failed" || status === "declined" || (exitCode ?? 0) !== 0;
  const output = asText(item.aggregatedOutput) ?? "";
  const end = status === "declined" ? "Refused." : exitCode ? `[exit code ${exitCode}]` : "";
  const gap = output !== "" && end !== "" && !output.endsWith("\n") ? "\n" : "";
  return told("exec_command", input, isError, output + gap + end);
}

function describeChange(item: Fields, workspacePath: string): CodexTool {
  const changes = fieldsIn(item.changes).map(({ path, kind, diff }) => {
    const moved = asText(asFields(kind)?.move_path);
    return {
      path: shorten(asText(path) ?? "", workspacePath),
      kind: asText(asFields(kind)?.type) ?? asText(kind),
      ...(moved !== null && { movedTo: shorten(moved, workspacePath) }),
      diff,
    };
  });
  const isError = item.status === "failed" || item.status === "declined";
  const result = isError ? `The change was ${asText(item.status)}.` : "";
  const path = changes.map((change) => change.path).join(", ");
  return told("apply_patch", { path, changes }, isError, result);
}

const shorten = (path: string, workspacePath: string) =>
  path.startsWith(`${workspacePath}/`) ? path.slice(workspacePath.length + 1) : path;

function describeMcpCall(item: Fields): CodexTool {
  const name = `mcp__${asText(item.server) ?? "server"}__${asText(item.tool) ?? "tool"}`;
  const failure = asText(asFields(item.error)?.message);
  const parts = asList(asFields(item.result)?.content).map((part) => {
    const fields = asFields(part);
    return asText(fields?.text) ?? `[${asText(fields?.type) ?? "unknown content"}]`;
  });
  const isError = item.status === "failed" || failure !== null;
  return told(name, item.arguments ?? null, isError, failure ?? parts.join("\n"));
}

/** A kind that came with a later version: what it says of itself is shown as it is. */
function describeUnknown(item: Fields): CodexTool {
  const { type, id: _id, startedAtMs: _started, completedAtMs: _completed, ...rest } = item;
  const isError = item.status === "failed" || item.success === false;
  return told(asText(item.tool) ?? asText(item.name) ?? asText(type) ?? "a tool", rest, isError);
}

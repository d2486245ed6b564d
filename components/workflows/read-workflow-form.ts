import { readPolicy } from "@/components/delivery/read-policy";
import type { McpServers } from "@/server/domain/mcp-servers";
import type { AgentKind, PermissionMode, WorkspaceKind } from "@/server/domain/workflow";

/** The fields of the workflow form as the API takes them; an emptied field says null. */
export function readWorkflowForm(form: FormData) {
  const text = (name: string) => String(form.get(name) ?? "").trim() || null;
  const number = (name: string) => {
    const value = text(name);
    return value === null ? null : Number(value);
  };
  const minutes = number("timeoutMinutes");
  const askMinutes = number("askDeadlineMinutes");
  const stallMinutes = number("stallMinutes");
  const mebibytes = number("maxOutputMebibytes");
  const tools = text("allowedTools");
  return {
    name: text("name") ?? "",
    description: text("description") ?? "",
    agent: (text("agent") ?? "shell") as AgentKind,
    command: text("command"),
    model: text("model"),
    systemPrompt: text("systemPrompt"),
    prompt: text("prompt"),
    workspace: (text("workspace") ?? "temporary") as WorkspaceKind,
    delivery: readPolicy(form),
    sandbox: (text("sandbox") ?? "auto") as "auto" | "on" | "off",
    maxTurns: number("maxTurns"),
    timeoutSeconds: minutes === null ? null : Math.round(minutes * 60),
    maxCostUsd: number("maxCostUsd"),
    permissions: text("permissions") as PermissionMode | null,
    askDeadlineSeconds: askMinutes === null ? null : Math.round(askMinutes * 60),
    mcpServers: readMcpServers(form),
    maxTokens: number("maxTokens"),
    stallSeconds: stallMinutes === null ? null : Math.round(stallMinutes * 60),
    maxOutputBytes: mebibytes === null ? null : Math.round(mebibytes * 1024 ** 2),
    stallsInTools: text("stallsInTools") === "yes" ? true : null,
    allowedTools:
      tools === null
        ? null
        : tools
            .split(/[\n,]+/)
            .map((tool) => tool.trim())
            .filter(Boolean),
  };
}

/** A field that is not there yet changes nothing; a command has none. The form lets only JSON pass. */
function readMcpServers(form: FormData): McpServers | null | undefined {
  if (form.get("agent") === "shell") return null;
  const text = form.get("mcpServers");
  if (typeof text !== "string") return undefined;
  return text.trim() === "" ? null : (JSON.parse(text) as McpServers);
}

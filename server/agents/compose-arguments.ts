import type { AgentConfigUse } from "@/server/domain/agent-config";
import type { McpServer } from "@/server/domain/mcp-servers";
import type { AgentKind } from "@/server/domain/workflow";
import { describeMcpForCodex } from "./mcp-forms";

export interface ArgumentFacts {
  kind: AgentKind;
  mcpServers: readonly McpServer[];
  /** The file with the servers, for Claude Code. */
  mcpConfigPath: string;
  config: AgentConfigUse;
  workspacePath: string;
}

/**
 * What an agent is told on its command line of MCP servers and of the repository's own configuration.
 * Not approved: Claude Code reads only the settings of its HOME, and Codex does not trust the folder,
 * which it otherwise does by itself for an agent that may write.
 */
export function composeArguments(facts: ArgumentFacts): string[] {
  if (facts.kind === "claude-code") return forClaude(facts);
  if (facts.kind === "codex") return forCodex(facts);
  return [];
}

function forClaude({ mcpServers, mcpConfigPath, config }: ArgumentFacts): string[] {
  return [
    ...(config === "left_out" ? ["--setting-sources", "user"] : []),
    // Approved, the repository's own servers come too.
    ...(config === "approved" ? [] : ["--strict-mcp-config"]),
    ...(mcpServers.length > 0 ? ["--mcp-config", mcpConfigPath] : []),
  ];
}

function forCodex({ mcpServers, config, workspacePath }: ArgumentFacts): string[] {
  const trust = config === "approved" ? "trusted" : "untrusted";
  const settings = [
    `projects={${JSON.stringify(workspacePath)}={trust_level="${trust}"}}`,
    ...describeMcpForCodex(mcpServers),
  ];
  return settings.flatMap((setting) => ["-c", setting]);
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeMcpForClaude } from "@/server/agents/mcp-forms";
import { programFolders } from "@/server/agents/sandbox";
import { fillInSecrets, findSecretNames, type McpServer } from "@/server/domain/mcp-servers";
import { AttemptFailed } from "./attempt-failed";
import type { Work } from "./load-work";

export interface McpPlan {
  servers: McpServer[];
  /** The variables in which their secrets stand. */
  environment: Record<string, string>;
  configPath: string;
  /** What of the host the agent must see to start them. */
  readOnly: string[];
}

/**
 * The workflow's MCP servers with their secrets filled in; for Claude Code also as a file in the
 * control folder, which names variables and holds no secret.
 * @throws AttemptFailed (`secrets_failed`) when a secret that a server names is not there.
 */
export function planMcp(
  { definition, run, repository, workflow }: Work,
  secrets: Readonly<Record<string, string>>,
  controlPath: string,
): McpPlan {
  const wanted = definition.mcpServers ?? {};
  const missing = findSecretNames(wanted).filter((name) => secrets[name] === undefined);
  if (missing.length > 0) {
    throw new AttemptFailed(
      "secrets_failed",
      `The MCP servers of ${workflow} name ${missing.join(", ")}, which is no secret of it or of ${repository.name}. Set it, then rerun.`,
    );
  }
  const { servers, environment } = fillInSecrets(wanted, secrets);
  const configPath = join(controlPath, "mcp.json");
  const isFile = run.agent === "claude-code" && servers.length > 0;
  if (isFile) writeFileSync(configPath, describeMcpForClaude(servers), { mode: 0o600 });
  const programs = servers.flatMap((server) => ("command" in server ? [server.command] : []));
  const readOnly = programs.filter((program) => program.startsWith("/")).flatMap(programFolders);
  return {
    servers,
    environment,
    configPath,
    readOnly: isFile ? [...readOnly, configPath] : readOnly,
  };
}

import type { AgentKind } from "@/server/domain/workflow";

export const agentNames = {
  shell: "Shell command",
  "claude-code": "Claude Code",
  codex: "Codex",
  acp: "ACP agent",
} as const satisfies Record<AgentKind, string>;

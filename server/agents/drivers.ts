import { Unprocessable } from "@/server/domain/errors";
import type { AgentKind } from "@/server/domain/workflow";
import { claudeCode } from "./claude-code";
import { codex } from "./codex";
import type { AgentDriver } from "./driver";
import { shell } from "./shell";

/**
 * The driver of an agent.
 * @throws Unprocessable for an agent that this version cannot drive.
 */
export function driverFor(kind: AgentKind): AgentDriver {
  if (kind === "shell") return shell as AgentDriver;
  if (kind === "claude-code") return claudeCode as AgentDriver;
  if (kind === "codex") return codex as AgentDriver;
  throw new Unprocessable(`Agent “${kind}” is not available in this version yet.`, {
    hint: "Use “claude-code” or “codex”, or run the agent's own command by a “shell” workflow.",
    facts: { kind },
  });
}

import type { AgentKind } from "@/server/domain/workflow";
import { acp } from "./acp";
import { claudeCode } from "./claude-code";
import { codex } from "./codex";
import type { AgentDriver } from "./driver";
import { shell } from "./shell";

const drivers: Record<AgentKind, AgentDriver> = {
  shell: shell as AgentDriver,
  "claude-code": claudeCode as AgentDriver,
  codex: codex as AgentDriver,
  acp: acp as AgentDriver,
};

/** The driver of an agent. */
export function driverFor(kind: AgentKind): AgentDriver {
  return drivers[kind];
}

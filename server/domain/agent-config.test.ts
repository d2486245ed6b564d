import { describe, expect, it } from "vitest";
import { decideAgentConfig, findGatedFor } from "./agent-config";

const paths = [
  ...[".claude/CLAUDE.md", ".claude/hooks/x.sh", ".claude/settings.json", ".codex/config.toml"],
  ...[".gemini/settings.json", ".mcp.json", "AGENTS.md", "CLAUDE.md", "opencode.json"],
];

describe("a repository's agent configuration", () => {
  it.each([
    { agent: "claude-code", command: null, found: [...paths.slice(1, 3), ".mcp.json"] },
    { agent: "codex", command: null, found: [".codex/config.toml"] },
    { agent: "acp", command: "gemini --acp", found: [".gemini/settings.json"] },
    { agent: "acp", command: "opencode acp", found: ["opencode.json"] },
    { agent: "acp", command: "other", found: paths.filter((path) => !path.endsWith(".md")) },
    { agent: "shell", command: "claude", found: [] },
  ] as const)("of $agent $command is what that agent would take for its own", (wanted) => {
    expect(findGatedFor(paths, wanted)).toEqual(wanted.found);
  });

  it.each([
    { gated: 0, isApproved: false, policy: "refuse", agent: "acp", use: "none" },
    { gated: 1, isApproved: true, policy: "refuse", agent: "acp", use: "approved" },
    { gated: 1, isApproved: false, policy: "without", agent: "claude-code", use: "left_out" },
    { gated: 1, isApproved: false, policy: "without", agent: "codex", use: "left_out" },
    { gated: 1, isApproved: false, policy: "refuse", agent: "codex", use: null },
    { gated: 1, isApproved: false, policy: "without", agent: "acp", use: null },
  ] as const)("is $use: %j", ({ gated, use, ...facts }) => {
    expect(decideAgentConfig({ ...facts, gated: paths.slice(0, gated) })).toBe(use);
  });
});

import { describe, expect, it } from "vitest";
import { findAgentFixes, findSandboxFix } from "./agent-program";
import { type AgentPresence, canRunAgent } from "./worker";

const claude: AgentPresence = {
  ...{ kind: "claude-code", name: "claude", label: "Claude Code" },
  ...{ program: "/usr/bin/claude", version: "2.1.330", problem: null },
  howToInstall: "Run “npm install -g @anthropic-ai/claude-code” on the worker's host.",
  ...{ howToSignIn: "claude /login", keys: ["ANTHROPIC_API_KEY"] },
  signIn: { state: "none", where: "/root/.claude/.credentials.json" },
};

describe("what to type for an agent", () => {
  it("is how to install it, then how to sign in, then nothing", () => {
    const missing = { ...claude, problem: "“claude” was not found on the worker's PATH." };
    expect(findAgentFixes(missing)).toMatchObject([
      { command: "npm install -g @anthropic-ai/claude-code" },
    ]);
    expect(findAgentFixes(claude)).toMatchObject([
      { command: "claude /login", what: expect.stringContaining("ANTHROPIC_API_KEY") },
    ]);
    const signedIn = { ...claude, signIn: { state: "key" as const, where: "ANTHROPIC_API_KEY" } };
    expect(findAgentFixes(signedIn)).toEqual([]);
  });

  it("is nothing where an older worker did not look for a sign-in", () => {
    const { signIn: _, ...older } = claude;
    expect(findAgentFixes(older)).toEqual([]);
  });

  it("is bubblewrap where that is missing, and the reason where it does not work", () => {
    expect(findSandboxFix("bubblewrap", "works")).toEqual([]);
    const [missing] = findSandboxFix("none", "bubblewrap is not installed.");
    expect(missing?.command).toMatch(/install bubblewrap/);
    const broken = "bubblewrap is installed but does not work here (no permission).";
    expect(findSandboxFix("pid-namespace", broken)).toEqual([{ what: broken, command: null }]);
  });
});

describe("whether a host can run an agent", () => {
  const gemini = { ...claude, kind: "acp" as const, name: "gemini", problem: "not found" };
  const opencode = { ...gemini, name: "opencode", problem: null };

  it("is whether it was found; an ACP agent that nobody looked for is tried", () => {
    expect(canRunAgent([claude], "claude-code")).toBe(true);
    expect(canRunAgent([{ ...claude, problem: "no" }], "claude-code")).toBe(false);
    expect(canRunAgent([claude], "codex")).toBe(false);
    expect(canRunAgent([gemini, opencode], "acp", "gemini")).toBe(false);
    expect(canRunAgent([gemini, opencode], "acp", "opencode")).toBe(true);
    expect(canRunAgent([gemini], "acp", "/opt/my/agent")).toBe(true);
    expect(canRunAgent([claude], "acp", "gemini")).toBe(false);
  });
});

import { z } from "zod";
import type { AgentKind } from "./workflow";

/** One file by which a repository can tell an agent what to do, as it stood in a commit. */
const agentConfigFileSchema = z.object({
  path: z.string(),
  /** False: only text for the agent to read (CLAUDE.md, AGENTS.md); shown, and needs nobody's leave. */
  isGated: z.boolean(),
  bytes: z.number().int(),
  /** Null: not text, or too long to show. */
  text: z.string().nullable(),
});
export type AgentConfigFile = z.infer<typeof agentConfigFileSchema>;

const agentConfigPolicies = ["without", "refuse"] as const;
export const agentConfigPolicySchema = z.enum(agentConfigPolicies);
/** What becomes of a run whose repository's configuration nobody has approved. */
export type AgentConfigPolicy = z.infer<typeof agentConfigPolicySchema>;

const agentConfigViewSchema = z.object({
  id: z.string(),
  sha256: z.string(),
  files: z.array(agentConfigFileSchema),
  seenAt: z.date(),
  seenIn: z.string(),
  seenByRun: z.object({ id: z.string(), number: z.number().int() }).nullable(),
  approvedBy: z.string().nullable(),
  approvedAt: z.date().nullable(),
});
export type AgentConfigView = z.infer<typeof agentConfigViewSchema>;

export const agentConfigsViewSchema = z.object({
  policy: agentConfigPolicySchema,
  items: z.array(agentConfigViewSchema),
});
export type AgentConfigsView = z.infer<typeof agentConfigsViewSchema>;

/** Where git is to look, from the repository's root: files, and folders with all that is in them. */
export const agentConfigPaths = [
  ...[".claude", ".mcp.json", ".codex", ".gemini", ".opencode", "opencode.json"],
  ...["opencode.jsonc", "CLAUDE.md", "AGENTS.md", "GEMINI.md"],
] as const;

type Vendor = "claude" | "codex" | "gemini" | "opencode";
const vendors: readonly Vendor[] = ["claude", "codex", "gemini", "opencode"];

/** Whose configuration a file is; null for a file that is only text. */
function vendorOf(path: string): Vendor | null {
  const name = path.split("/").at(-1) ?? "";
  if (["CLAUDE.md", "AGENTS.md", "GEMINI.md"].includes(name)) return null;
  if (path === ".mcp.json") return "claude";
  const folder = path.split("/")[0] ?? "";
  return vendors.find((vendor) => folder === `.${vendor}`) ?? "opencode";
}

/** Whether a file can do more than be read: start programs, set variables, allow tools. */
export const isGatedPath = (path: string) => vendorOf(path) !== null;

/** Those of the files that this agent would take for its configuration. */
export function findGatedFor(
  paths: readonly string[],
  { agent, command }: { agent: AgentKind; command: string | null },
): string[] {
  const wanted = vendorsOf(agent, command);
  return paths.filter((path) => {
    const vendor = vendorOf(path);
    return vendor !== null && wanted.includes(vendor);
  });
}

/** An ACP agent is known by its command only; one that names nobody may be anybody's. */
function vendorsOf(agent: AgentKind, command: string | null): readonly Vendor[] {
  if (agent === "shell") return [];
  if (agent === "claude-code") return ["claude"];
  if (agent === "codex") return ["codex"];
  const named = vendors.filter((vendor) => command?.includes(vendor));
  return named.length > 0 ? named : vendors;
}

/** `none`: there is none for this agent. `left_out`: it starts as if there were none. */
export type AgentConfigUse = "none" | "approved" | "left_out";

/**
 * What becomes of a repository's configuration in a run. Null: the run must not start, because the
 * repository wants it so, or because this agent cannot be told to leave it out.
 */
export function decideAgentConfig(facts: {
  gated: readonly string[];
  isApproved: boolean;
  policy: AgentConfigPolicy;
  agent: AgentKind;
}): AgentConfigUse | null {
  if (facts.gated.length === 0) return "none";
  if (facts.isApproved) return "approved";
  const canLeaveOut = facts.agent === "claude-code" || facts.agent === "codex";
  return facts.policy === "refuse" || !canLeaveOut ? null : "left_out";
}

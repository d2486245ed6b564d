import { z } from "zod";
import { deliveryPolicySchema } from "./delivery";
import { limits, utf8Length } from "./limits";
import { mcpServersSchema } from "./mcp-servers";
import { findCommandFault } from "./split-command";
import { checkRoundsSchema, checksSchema } from "./workspace-commands";

export const agentKinds = ["shell", "claude-code", "codex", "acp"] as const;
export const agentKindSchema = z.enum(agentKinds);
export type AgentKind = z.infer<typeof agentKindSchema>;

/** The agents that this version can drive; the others may be written into workflows already. */
export const drivenAgents: readonly AgentKind[] = ["shell", "claude-code", "codex", "acp"];

const workspaceKinds = ["temporary", "persistent"] as const;
export const workspaceKindSchema = z.enum(workspaceKinds);
export type WorkspaceKind = z.infer<typeof workspaceKindSchema>;

const sandboxModes = ["auto", "on", "off"] as const;

/**
 * What an agent may do without asking:
 * - `ask`: nothing that changes files or runs commands, beside its allowed tools; an operator answers.
 * - `accept_edits`: edits too; for the rest an operator is asked.
 * - `allow_list`: edits and its allowed tools. All else is refused at once, nobody is asked.
 * - `bypass`: everything. Only in the sandbox.
 */
const permissionModes = ["ask", "accept_edits", "allow_list", "bypass"] as const;
export type PermissionMode = (typeof permissionModes)[number];

const name = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]*$/,
    "Use lower-case letters, digits, “.”, “_” and “-”, beginning with a letter or digit.",
  )
  .max(limits.maxNameLength);

export const workflowNameSchema = name;
export const repositoryNameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    "Use letters, digits, “.”, “_” and “-”, beginning with a letter or digit.",
  )
  .max(limits.maxNameLength);

const text = (maxBytes: number) =>
  z.string().refine((value) => utf8Length(value) <= maxBytes, {
    message: `At most ${Math.floor(maxBytes / 1024)} KiB.`,
  });

export const limitFields = {
  maxTurns: z.int().min(1).max(limits.maxTurns).nullish(),
  timeoutSeconds: z.int().min(1).max(limits.maxTimeoutSeconds).nullish(),
  maxCostUsd: z.number().positive().max(limits.maxCostUsd).nullish(),
  /** Input and output together; what came out of the provider's cache is not counted. */
  maxTokens: z.int().min(1).max(limits.maxTokens).nullish(),
  /** How long the agent may write nothing. Left out: half an hour for agents, no limit for `shell`. */
  stallSeconds: z.int().min(limits.minStallSeconds).max(limits.maxTimeoutSeconds).nullish(),
  maxOutputBytes: z.int().min(limits.minOutputBytes).max(limits.maxOutputBytes).nullish(),
};

/** A workflow as data: what every version stores, and what import and export carry. */
export const workflowDefinitionSchema = z.strictObject({
  description: z.string().max(500).default(""),
  agent: agentKindSchema,
  /** A command for `bash -c` (agent `shell`), or the program of an `acp` agent. */
  command: text(limits.maxCommandBytes).nullish(),
  model: z
    .string()
    .regex(/^[A-Za-z0-9][\w.:/@[\]-]*$/, "Not a model's name.")
    .max(100)
    .nullish(),
  systemPrompt: text(limits.maxPromptBytes).nullish(),
  /** Put before the run's message. */
  prompt: text(limits.maxPromptBytes).nullish(),
  workspace: workspaceKindSchema.default("temporary"),
  ...limitFields,
  /** Silence while a tool runs counts as well. Left out: it does not, a build may be quiet for long. */
  stallsInTools: z.boolean().nullish(),
  allowedTools: z
    .array(
      z
        .string()
        .min(1)
        .max(200)
        .regex(/^[^-\s,][^,\n]*$/),
    )
    .max(100)
    .nullish(),
  sandbox: z.enum(sandboxModes).default("auto"),
  /** Left out: `allow_list`. */
  permissions: z.enum(permissionModes).nullish(),
  /** How long a question of the agent's waits for an answer before it is denied; left out, an hour. */
  askDeadlineSeconds: z.int().min(10).max(limits.maxTimeoutSeconds).nullish(),
  /** What its runs deliver by themselves; left out: what their repository says. */
  delivery: deliveryPolicySchema.nullish(),
  mcpServers: mcpServersSchema.nullish(),
  /** In place of the repository's; an empty list means none. */
  checks: checksSchema.nullish(),
  checkRounds: checkRoundsSchema.nullish(),
});
export type WorkflowDefinition = z.infer<typeof workflowDefinitionSchema>;

/** Which rules a definition breaks that no single field can know; field name → message. */
export function findDefinitionFaults(definition: WorkflowDefinition): Record<string, string> {
  const faults: Record<string, string> = {};
  const needsCommand = definition.agent === "shell" || definition.agent === "acp";
  if (needsCommand && !definition.command?.trim()) {
    faults.command = `A workflow of agent “${definition.agent}” needs a command.`;
  }
  const commandFault = definition.agent === "acp" && findCommandFault(definition.command ?? "");
  if (commandFault && !faults.command) faults.command = commandFault;
  if (!needsCommand && definition.command) {
    faults.command = `An agent of kind “${definition.agent}” takes no command.`;
  }
  if (definition.agent === "shell" && Object.keys(definition.mcpServers ?? {}).length > 0) {
    faults.mcpServers = "A command takes no MCP servers; they are for agents.";
  }
  if (definition.agent === "acp" && Object.keys(definition.mcpServers ?? {}).length > 0) {
    faults.mcpServers =
      "Coppice tells ACP agents of no MCP servers; set them up in the agent's own.";
  }
  if (definition.agent === "codex" && definition.maxCostUsd) {
    faults.maxCostUsd =
      "Codex does not tell what it costs, so no cost limit can be kept. Limit its turns or its time.";
  }
  if (definition.permissions === "bypass" && definition.sandbox === "off") {
    faults.permissions =
      "An agent that may do everything without asking must be in the sandbox. Set the sandbox to “on”.";
  }
  return faults;
}

/** What the definition says about asking, with what is usual where it says nothing. */
export function askingOf(definition: WorkflowDefinition): {
  permissions: PermissionMode;
  deadlineSeconds: number;
} {
  return {
    permissions: definition.permissions ?? "allow_list",
    deadlineSeconds: definition.askDeadlineSeconds ?? limits.defaultAskDeadlineSeconds,
  };
}

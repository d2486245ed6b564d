import { z } from "zod";
import { isolations } from "./confinement";
import { type AgentPresence, signInStates } from "./worker";
import { agentKindSchema } from "./workflow";

/** What to do about an agent that cannot be used as it is. */
const agentFixSchema = z.object({
  what: z.string(),
  /** To be typed on the worker's host, as the worker's account; null where there is no one command. */
  command: z.string().nullable(),
});
export type AgentFix = z.infer<typeof agentFixSchema>;

/** One agent on one host, as its worker saw it last. */
export const agentProgramViewSchema = z.object({
  worker: z.string(),
  host: z.string(),
  /** Its worker is there; else this is what it saw before it went. */
  isAlive: z.boolean(),
  seenAt: z.date(),
  kind: agentKindSchema,
  name: z.string(),
  label: z.string(),
  program: z.string().nullable(),
  version: z.string().nullable(),
  problem: z.string().nullable(),
  signIn: z.object({ state: z.enum(signInStates), where: z.string().nullable() }),
  isolation: z.enum(isolations),
  isolationWhy: z.string(),
  /** For a workflow of an ACP agent; null for others, which need none. */
  command: z.string().nullable(),
  fixes: z.array(agentFixSchema),
});
export type AgentProgramView = z.infer<typeof agentProgramViewSchema>;

/** What to type so that the agent can be used: it is installed first, then signed in to. */
export function findAgentFixes(agent: AgentPresence): AgentFix[] {
  if (agent.problem !== null) {
    return [{ what: agent.howToInstall, command: findQuoted(agent.howToInstall) }];
  }
  if (agent.signIn?.state !== "none") return [];
  const [key] = agent.keys ?? [];
  const other = key ? `, or start the worker with ${key} set` : "";
  const what = `Sign in on the worker's host as the worker's account${other}.`;
  return [{ what, command: agent.howToSignIn ?? null }];
}

/** Nobody is kept from the host's files without it. */
export function findSandboxFix(isolation: AgentProgramView["isolation"], why: string): AgentFix[] {
  if (isolation === "bubblewrap") return [];
  const isMissing = why.includes("not installed");
  return [{ what: why, command: isMissing ? "sudo apt-get install bubblewrap" : null }];
}

/** In words, for the page and the command line. */
export function describeSignIn({ state, where }: AgentProgramView["signIn"]): string {
  switch (state) {
    case "login":
      return `signed in (${where})`;
    case "key":
      return `by ${where}`;
    case "none":
      return "not signed in";
    case "unknown":
      return "not known";
    case "not_needed":
      return "not needed";
  }
}

const findQuoted = (text: string): string | null => /“([^”]+)”/.exec(text)?.[1] ?? null;

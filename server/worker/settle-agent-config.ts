import { type AgentConfigUse, decideAgentConfig, findGatedFor } from "@/server/domain/agent-config";
import type { Sha } from "@/server/domain/ids";
import { listAgentConfig } from "@/server/workspaces/list-agent-config";
import { readAgentConfig } from "@/server/workspaces/read-agent-config";
import { AttemptFailed, failingAs } from "./attempt-failed";
import type { Hold, WorkerContext } from "./context";
import { enterAgentConfig } from "./enter-agent-config";
import type { Work } from "./load-work";
import { openRunRedactor } from "./open-run-redactor";

export interface SettledAgentConfig {
  use: AgentConfigUse;
  /** What of it is only text and would be left out together with the rest: said to the agent by us. */
  text: string | null;
  /** For the run's story; null: nothing to tell. */
  notice: { text: string; link: string } | null;
}

const nothing: SettledAgentConfig = { use: "none", text: null, notice: null };
const ownInstructions = ["CLAUDE.md", ".claude/CLAUDE.md"];

/**
 * Decides whether the agent may follow the configuration that its repository brings along at the
 * run's base commit. One that nobody has seen yet is entered, to be read and approved.
 * @throws AttemptFailed (`config_not_approved`, `repository_failed`).
 */
export async function settleAgentConfig(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  base: Sha,
): Promise<SettledAgentConfig> {
  const { run, repository, definition } = work;
  if (run.agent === "shell") return nothing;
  const { home } = context;
  const place = { home, repositoryId: repository.id, signal: hold.signal };
  const { sha256, entries } = await failingAs("repository_failed", () =>
    listAgentConfig(place, base),
  );
  if (sha256 === null) return nothing;
  const gated = findGatedFor(
    entries.map(({ path }) => path),
    { agent: run.agent, command: definition.command ?? null },
  );
  const { isApproved } = await enterAgentConfig(context, {
    ...{ repositoryId: repository.id, sha256, entries, commit: base, runId: run.id },
    openRedactor: () => openRunRedactor(context, run),
  });
  const use = decideAgentConfig({
    ...{ gated, isApproved, agent: run.agent },
    policy: repository.agentConfigPolicy,
  });
  if (use === "none" || use === "approved") return { ...nothing, use };
  const link = `/repositories/${encodeURIComponent(repository.name)}#agent-configuration`;
  const what = `The repository's own agent configuration (${listNames(gated)}) is not approved`;
  if (use === null) {
    throw new AttemptFailed(
      "config_not_approved",
      `${what}. An admin can read and approve it on the page of the repository ${repository.name}; then rerun.`,
    );
  }
  const texts = entries.filter(({ path }) => ownInstructions.includes(path));
  const isTextLost = run.agent === "claude-code" && texts.length > 0;
  return {
    use,
    text: isTextLost ? joinTexts(await readAgentConfig(place, texts)) : null,
    notice: { text: `${what}, so the agent works without it.`, link },
  };
}

function listNames(paths: readonly string[]): string {
  const rest = paths.length - 3;
  return [...paths.slice(0, 3), ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}

function joinTexts(files: { path: string; text: string | null }[]): string {
  return files
    .flatMap(({ path, text }) => (text === null ? [] : [`The repository's ${path}:\n\n${text}`]))
    .join("\n\n");
}

import { and, eq } from "drizzle-orm";
import { agentConfigApprovals } from "@/db/schema";
import type { Redactor } from "@/server/agents/redact";
import type { RepositoryId, RunId, Sha } from "@/server/domain/ids";
import type { AgentConfigEntry } from "@/server/workspaces/list-agent-config";
import { readAgentConfig } from "@/server/workspaces/read-agent-config";
import type { WorkerContext } from "./context";

interface SeenAgentConfig {
  repositoryId: RepositoryId;
  sha256: string;
  entries: readonly AgentConfigEntry[];
  commit: Sha;
  runId: RunId | null;
  /** For what people are shown of it. */
  openRedactor: () => Promise<Redactor>;
}

/**
 * Enters a repository's configuration as it was found, unless it is known. Answers whether it is
 * approved.
 */
export async function enterAgentConfig(
  { db, home }: WorkerContext,
  { repositoryId, sha256, entries, commit, runId, openRedactor }: SeenAgentConfig,
): Promise<{ isApproved: boolean }> {
  const { repositoryId: ofRepository, sha256: ofContent } = agentConfigApprovals;
  const [known] = await db
    .select({ approvedAt: agentConfigApprovals.approvedAt })
    .from(agentConfigApprovals)
    .where(and(eq(ofRepository, repositoryId), eq(ofContent, sha256)));
  if (known) return { isApproved: known.approvedAt !== null };
  const files = await readAgentConfig({ home, repositoryId }, entries);
  const redactor = await openRedactor();
  await db
    .insert(agentConfigApprovals)
    .values({
      ...{ repositoryId, sha256, seenIn: commit, seenByRun: runId, seenAt: new Date() },
      files: redactor.redactData(files),
    })
    .onConflictDoNothing();
  return { isApproved: false };
}

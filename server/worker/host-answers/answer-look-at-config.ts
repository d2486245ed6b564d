import { eq } from "drizzle-orm";
import { z } from "zod";
import { repositories } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import { repositoryIdSchema } from "@/server/domain/ids";
import { ensureMirror } from "@/server/workspaces/ensure-mirror";
import { listAgentConfig } from "@/server/workspaces/list-agent-config";
import { resolveBase } from "@/server/workspaces/resolve-base";
import type { WorkerContext } from "../context";
import { createSecretRedactor } from "../create-secret-redactor";
import { enterAgentConfig } from "../enter-agent-config";

const inputSchema = z.looseObject({ repositoryId: repositoryIdSchema });

/** Enters the agent configuration that stands at the head of a repository's default branch. */
export async function answerLookAtConfig(
  context: WorkerContext,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { repositoryId } = inputSchema.parse(input);
  const [repository] = await context.db
    .select()
    .from(repositories)
    .where(eq(repositories.id, repositoryId));
  if (!repository) throw new NotFound("repository", repositoryId);
  const { home } = context;
  const { origin, defaultBranch } = repository;
  await ensureMirror({ home, repositoryId, origin });
  const place = { home, repositoryId };
  const base = await resolveBase({ ...place, baseRef: null, defaultBranch, branch: null });
  const { sha256, entries } = await listAgentConfig(place, base.sha);
  if (sha256 === null) return { commit: base.sha, sha256, isApproved: true };
  const entered = await enterAgentConfig(context, {
    ...{ repositoryId, sha256, entries, commit: base.sha, runId: null },
    openRedactor: async () => createSecretRedactor(context),
  });
  return { commit: base.sha, sha256, ...entered };
}

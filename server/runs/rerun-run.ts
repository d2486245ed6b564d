import { eq } from "drizzle-orm";
import { z } from "zod";
import { repositories, runs, workflows, workflowVersions } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import { type RunId, runIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "./context";
import { startRun } from "./start-run";
import { messageSchema } from "./start-run-input";

export const rerunRunInputSchema = z.strictObject({
  runId: runIdSchema,
  message: messageSchema.nullish(),
  /** Default: the commit that the first run began from. */
  baseRef: z.string().nullish(),
  idempotencyKey: z.string().min(1).max(200).nullish(),
});

/**
 * Starts a new run of the same workflow version and input, from the same base commit, in a new
 * session. The old run is never touched.
 * @throws NotFound, and whatever startRun throws.
 */
export async function rerunRun(
  context: VerbContext,
  input: z.input<typeof rerunRunInputSchema>,
): Promise<{ runId: RunId }> {
  const { runId, message, baseRef, idempotencyKey } = parseInput(rerunRunInputSchema, input);
  const [old] = await context.db
    .select({
      run: runs,
      workflow: workflows.name,
      version: workflowVersions.version,
      repository: repositories.name,
    })
    .from(runs)
    .innerJoin(workflowVersions, eq(workflowVersions.id, runs.workflowVersionId))
    .innerJoin(workflows, eq(workflows.id, workflowVersions.workflowId))
    .innerJoin(repositories, eq(repositories.id, runs.repositoryId))
    .where(eq(runs.id, runId));
  if (!old) throw new NotFound("run", runId);
  return startRun(
    context,
    {
      workflow: old.workflow,
      repository: old.repository,
      message: message ?? old.run.message,
      workspace: old.run.workspaceKind,
      baseRef: baseRef ?? old.run.baseCommit ?? old.run.baseRef,
      priority: old.run.priority,
      idempotencyKey,
      maxTurns: old.run.maxTurns,
      timeoutSeconds: old.run.timeoutSeconds,
      maxCostUsd: old.run.maxCostUsd,
      maxTokens: old.run.maxTokens,
      stallSeconds: old.run.stallSeconds,
      maxOutputBytes: old.run.maxOutputBytes,
    },
    { rerunOf: runId, workflowVersion: old.version },
  );
}

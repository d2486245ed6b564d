import { desc, eq, type SQL } from "drizzle-orm";
import { z } from "zod";
import { repositories, restores, runs, workflows, workflowVersions, workspaces } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import { type RunId, type SessionId, sessionIdSchema } from "@/server/domain/ids";
import { limits } from "@/server/domain/limits";
import { parseInput } from "@/server/domain/parse-input";
import { limitFields } from "@/server/domain/workflow";
import type { VerbContext } from "./context";
import { startRun } from "./start-run";
import { messageSchema } from "./start-run-input";

export const continueSessionInputSchema = z.strictObject({
  sessionId: sessionIdSchema,
  message: messageSchema,
  /** Default: the workflow of the session's last run. */
  workflow: z.string().min(1).max(limits.maxNameLength).nullish(),
  idempotencyKey: z.string().min(1).max(200).nullish(),
  ...limitFields,
});

/**
 * Starts a new run in a session: same workspace path, same agent session, a new message.
 * @throws NotFound, and whatever startRun throws.
 */
export async function continueSession(
  context: VerbContext,
  input: z.input<typeof continueSessionInputSchema>,
): Promise<{ runId: RunId }> {
  const { sessionId, workflow, ...rest } = parseInput(continueSessionInputSchema, input);
  const last =
    (await findRecipe(context, eq(runs.sessionId, sessionId))) ??
    (await findRecipe(context, eq(runs.id, restoredRunOf(context, sessionId))));
  if (!last) {
    throw new NotFound("session", sessionId, {
      hint: "Take the session id from a run's page or from “coppice show”.",
    });
  }
  return startRun(context, {
    ...rest,
    sessionId,
    workflow: workflow ?? last.workflow,
    repository: last.repository,
  });
}

/** Of the newest run that meets a condition: what it carried out, and on what. */
async function findRecipe({ db }: VerbContext, where: SQL) {
  const [last] = await db
    .select({ workflow: workflows.name, repository: repositories.name })
    .from(runs)
    .innerJoin(workflowVersions, eq(workflowVersions.id, runs.workflowVersionId))
    .innerJoin(workflows, eq(workflows.id, workflowVersions.workflowId))
    .innerJoin(repositories, eq(repositories.id, runs.repositoryId))
    .where(where)
    .orderBy(desc(runs.number))
    .limit(1);
  return last;
}

/** A session that a restore made has no run yet; it goes on with what was restored in it. */
function restoredRunOf({ db }: VerbContext, sessionId: SessionId) {
  return db
    .select({ id: restores.runId })
    .from(restores)
    .innerJoin(workspaces, eq(workspaces.id, restores.workspaceId))
    .where(eq(workspaces.sessionId, sessionId))
    .limit(1);
}

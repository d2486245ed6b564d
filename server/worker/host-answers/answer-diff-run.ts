import { eq } from "drizzle-orm";
import { z } from "zod";
import { runs } from "@/db/schema";
import { Conflict, NotFound } from "@/server/domain/errors";
import { runIdSchema } from "@/server/domain/ids";
import { limits } from "@/server/domain/limits";
import { diffRange } from "@/server/workspaces/diff-range";
import type { WorkerContext } from "../context";
import { createSecretRedactor } from "../create-secret-redactor";

const inputSchema = z.looseObject({ runId: runIdSchema });

/** The whole change of a run, from its base to its head, out of this host's mirror. */
export async function answerDiffRun(
  context: WorkerContext,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { runId } = inputSchema.parse(input);
  const [run] = await context.db.select().from(runs).where(eq(runs.id, runId));
  if (!run) throw new NotFound("run", runId);
  if (!run.baseCommit || !run.headCommit) {
    throw new Conflict("The run has no recorded work yet.", { hint: "Look again when it ends." });
  }
  const diff = await diffRange({
    home: context.home,
    repositoryId: run.repositoryId,
    from: run.baseCommit,
    to: run.headCommit,
    maxBytes: limits.maxPatchBytes,
  });
  return { ...diff, patch: createSecretRedactor(context).redactText(diff.patch) };
}

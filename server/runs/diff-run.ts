import { eq } from "drizzle-orm";
import { z } from "zod";
import { runs, workspaces } from "@/db/schema";
import { NotFound, Unprocessable } from "@/server/domain/errors";
import type { RunId } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import { askHost } from "@/server/host-requests/ask-host";
import type { VerbContext } from "./context";
import { resolveRunId, runKeySchema } from "./resolve-run-id";

export const diffRunInputSchema = z.strictObject({ id: runKeySchema });

export const runDiffSchema = z.object({
  patch: z.string(),
  isCut: z.boolean(),
  files: z.number().int(),
  additions: z.number().int(),
  deletions: z.number().int(),
});
export type RunDiff = z.infer<typeof runDiffSchema>;

const emptyDiff: RunDiff = { patch: "", isCut: false, files: 0, additions: 0, deletions: 0 };

/**
 * What a run changed from its base to its head, as its host's git tells it.
 * @throws NotFound; Unprocessable before there is a base; Unavailable when the host is away.
 */
export async function diffRun(
  context: VerbContext,
  input: z.input<typeof diffRunInputSchema>,
): Promise<RunDiff> {
  const { id } = parseInput(diffRunInputSchema, input);
  const run = await loadRun(context, await resolveRunId(context.db, id));
  if (!run.baseCommit || !run.workerId) {
    throw new Unprocessable("The run has no workspace yet, so there is nothing to compare.", {
      hint: "Look again when the run is running.",
    });
  }
  if (run.baseCommit === run.headCommit) return emptyDiff;
  const answer = await askHost(context, {
    kind: "diff_run",
    input: { runId: run.id },
    workerId: run.workerId,
    answerWithinSeconds: 30,
  });
  return runDiffSchema.parse(answer);
}

/** The workspace's worker has the commits; the run's own is the same one unless it was moved. */
async function loadRun({ db }: VerbContext, runId: RunId) {
  const [run] = await db
    .select({
      id: runs.id,
      baseCommit: runs.baseCommit,
      headCommit: runs.headCommit,
      workspaceWorkerId: workspaces.workerId,
      runWorkerId: runs.workerId,
    })
    .from(runs)
    .innerJoin(workspaces, eq(workspaces.id, runs.workspaceId))
    .where(eq(runs.id, runId));
  if (!run) throw new NotFound("run", runId);
  return { ...run, workerId: run.workspaceWorkerId ?? run.runWorkerId };
}

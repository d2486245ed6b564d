import { and, desc, eq, or, sql } from "drizzle-orm";
import { z } from "zod";
import { attempts, commits, runs, snapshots, workspaces } from "@/db/schema";
import { type RunDiff, runDiffSchema } from "@/server/domain/diff";
import { BadInput, NotFound, Unprocessable } from "@/server/domain/errors";
import { type RunId, type Sha, shaSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import { askHost } from "@/server/host-requests/ask-host";
import type { VerbContext } from "./context";
import { resolveRunId, runKeySchema } from "./resolve-run-id";

export const diffRunInputSchema = z.strictObject({
  id: runKeySchema,
  /** A commit recorded for this run; its base by default. */
  from: shaSchema.nullish(),
  /** A commit recorded for this run; its head by default, or its newest snapshot while it works. */
  to: shaSchema.nullish(),
  whitespace: z.enum(["show", "ignore"]).nullish(),
  /** One file alone, whole, however large it is: by its present path. */
  path: z.string().min(1).max(4096).nullish(),
});

const emptyDiff = { patch: "", isCut: false, files: 0, additions: 0, deletions: 0, changes: [] };

/**
 * What a run changed between two of its commits, as its host's git tells it.
 * @throws NotFound; BadInput for a commit that is none of the run's; Unprocessable before there is a
 *   base; Unavailable when the host is away.
 */
export async function diffRun(
  context: VerbContext,
  input: z.input<typeof diffRunInputSchema>,
): Promise<RunDiff> {
  const { id, from, to, whitespace, path } = parseInput(diffRunInputSchema, input);
  const run = await loadRun(context, await resolveRunId(context.db, id));
  if (!run.baseCommit || !run.workerId) {
    throw new Unprocessable("The run has no workspace yet, so there is nothing to compare.", {
      hint: "Look again when the run is running.",
    });
  }
  if (from) await requireRecorded(context, run, from, "from");
  if (to) await requireRecorded(context, run, to, "to");
  const ends = { from: from ?? run.baseCommit, to: to ?? run.headCommit ?? run.newestSnapshot };
  if (!ends.to || ends.from === ends.to) return { ...emptyDiff, ...ends };
  const answer = await askHost(context, {
    kind: "diff_run",
    input: { runId: run.id, ...ends, isSpaceIgnored: whitespace === "ignore", path: path ?? null },
    workerId: run.workerId,
    answerWithinSeconds: 30,
  });
  return runDiffSchema.parse({ ...answer, ...ends });
}

interface DiffedRun {
  id: RunId;
  baseCommit: Sha | null;
  headCommit: Sha | null;
}

/** The workspace's worker has the commits; the run's own is the same one unless it was moved. */
async function loadRun({ db }: VerbContext, runId: RunId) {
  const newestSnapshot = db
    .select({ sha: snapshots.sha })
    .from(snapshots)
    .where(eq(snapshots.runId, runId))
    .orderBy(desc(snapshots.number))
    .limit(1);
  const [run] = await db
    .select({
      id: runs.id,
      baseCommit: runs.baseCommit,
      headCommit: runs.headCommit,
      newestSnapshot: sql<Sha | null>`(${newestSnapshot})`,
      workspaceWorkerId: workspaces.workerId,
      runWorkerId: runs.workerId,
    })
    .from(runs)
    .innerJoin(workspaces, eq(workspaces.id, runs.workspaceId))
    .where(eq(runs.id, runId));
  if (!run) throw new NotFound("run", runId);
  return { ...run, workerId: run.workspaceWorkerId ?? run.runWorkerId };
}

/** The run's own commits, their parents, its snapshots, and where its attempts began and ended. */
async function requireRecorded(
  { db }: VerbContext,
  run: DiffedRun,
  sha: Sha,
  field: "from" | "to",
): Promise<void> {
  if (sha === run.baseCommit || sha === run.headCommit) return;
  const ofCommits = db
    .select({ found: sql`1` })
    .from(commits)
    .where(
      and(
        eq(commits.runId, run.id),
        or(eq(commits.sha, sha), sql`${commits.parents} ? ${sha}::text`),
      ),
    );
  const ofSnapshots = db
    .select({ found: sql`1` })
    .from(snapshots)
    .where(and(eq(snapshots.runId, run.id), eq(snapshots.sha, sha)));
  const ofAttempts = db
    .select({ found: sql`1` })
    .from(attempts)
    .where(
      and(
        eq(attempts.runId, run.id),
        or(eq(attempts.baseCommit, sha), eq(attempts.headCommit, sha)),
      ),
    );
  const found = await ofCommits.unionAll(ofSnapshots).unionAll(ofAttempts).limit(1);
  if (found.length > 0) return;
  throw new BadInput("This commit is none of the run's.", {
    fields: { [field]: "Give the run's base or head, or one of its commits or snapshots." },
    facts: { runId: run.id, sha },
    hint: "The run's commits are listed on its page and by “GET /runs/{id}/commits”.",
  });
}

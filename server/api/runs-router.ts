import { z } from "zod";
import { listRunChecks } from "@/server/checks/list-run-checks";
import { runDiffSchema } from "@/server/domain/diff";
import { runEvidenceSchema } from "@/server/domain/evidence";
import { restoreViewSchema } from "@/server/domain/restore";
import { runStatusSchema } from "@/server/domain/run-status";
import {
  attemptViewSchema,
  commitViewSchema,
  runEventViewSchema,
  runSummarySchema,
  runViewSchema,
  transcriptEntryViewSchema,
} from "@/server/domain/run-view";
import { runChecksViewSchema } from "@/server/domain/workspace-commands";
import {
  listSnapshots,
  listSnapshotsInputSchema,
  snapshotViewSchema,
} from "@/server/restore/list-snapshots";
import { restoreRun, restoreRunInputSchema } from "@/server/restore/restore-run";
import { takePatch, takePatchInputSchema } from "@/server/restore/take-patch";
import { cancelRun, cancelRunInputSchema } from "@/server/runs/cancel-run";
import { countRuns } from "@/server/runs/count-runs";
import { diffRun, diffRunInputSchema } from "@/server/runs/diff-run";
import { getRun } from "@/server/runs/get-run";
import { listAttempts } from "@/server/runs/list-attempts";
import { listCommits, listCommitsInputSchema } from "@/server/runs/list-commits";
import { listRunEvents, listRunEventsInputSchema } from "@/server/runs/list-run-events";
import { listRuns, listRunsInputSchema } from "@/server/runs/list-runs";
import { listTranscript, listTranscriptInputSchema } from "@/server/runs/list-transcript";
import { readCommitPatch, readCommitPatchInputSchema } from "@/server/runs/read-commit-patch";
import { readEvidence } from "@/server/runs/read-evidence";
import { rerunRun, rerunRunInputSchema } from "@/server/runs/rerun-run";
import { resolveRunId } from "@/server/runs/resolve-run-id";
import { startRun } from "@/server/runs/start-run";
import { startRunInputSchema } from "@/server/runs/start-run-input";
import { tryNow } from "@/server/runs/try-now";
import { rest } from "./rest-meta";
import { byKeySchema, itemsOf, keySchema, pageOf } from "./shapes";
import { operatorProcedure, router, viewerProcedure } from "./trpc";

const key = { id: keySchema };

export const runsRouter = router({
  start: operatorProcedure
    .meta(rest("POST", "/runs", "Start a run"))
    .input(startRunInputSchema)
    .output(runViewSchema)
    .mutation(async ({ ctx, input }) => {
      const { runId } = await startRun(ctx, input);
      return getRun(ctx.db, { id: runId }, ctx.actor);
    }),

  get: viewerProcedure
    .meta(rest("GET", "/runs/{id}", "A run, by its id or #number"))
    .input(byKeySchema)
    .output(runViewSchema)
    .query(({ ctx, input }) => getRun(ctx.db, input, ctx.actor)),

  list: viewerProcedure
    .meta(rest("GET", "/runs", "Runs, newest first"))
    .input(listRunsInputSchema)
    .output(pageOf(runSummarySchema))
    .query(({ ctx, input }) => listRuns(ctx.db, input, ctx.actor)),

  counts: viewerProcedure
    .output(z.object({ byStatus: z.record(runStatusSchema, z.number().int()) }))
    .query(({ ctx }) => countRuns(ctx.db)),

  cancel: operatorProcedure
    .meta(rest("POST", "/runs/{id}/cancel", "Cancel a run"))
    .input(cancelRunInputSchema.omit({ runId: true }).extend(key))
    .output(runViewSchema)
    .mutation(async ({ ctx, input: { id, ...wish } }) => {
      const runId = await resolveRunId(ctx.db, id);
      await cancelRun(ctx, { ...wish, runId });
      return getRun(ctx.db, { id: runId }, ctx.actor);
    }),

  tryNow: operatorProcedure
    .meta(rest("POST", "/runs/{id}/try-now", "Let a run that waits for a time go on at once"))
    .input(byKeySchema)
    .output(runViewSchema)
    .mutation(async ({ ctx, input: { id } }) => {
      const runId = await resolveRunId(ctx.db, id);
      await tryNow(ctx, { runId });
      return getRun(ctx.db, { id: runId }, ctx.actor);
    }),

  rerun: operatorProcedure
    .meta(rest("POST", "/runs/{id}/rerun", "Run it again, as a new run"))
    .input(rerunRunInputSchema.omit({ runId: true }).extend(key))
    .output(runViewSchema)
    .mutation(async ({ ctx, input: { id, ...wish } }) => {
      const { runId } = await rerunRun(ctx, { ...wish, runId: await resolveRunId(ctx.db, id) });
      return getRun(ctx.db, { id: runId }, ctx.actor);
    }),

  checks: viewerProcedure
    .meta(rest("GET", "/runs/{id}/checks", "A run's set-up, checks and tear-down"))
    .input(byKeySchema)
    .output(runChecksViewSchema)
    .query(({ ctx, input }) => listRunChecks(ctx.db, input)),

  events: viewerProcedure
    .meta(rest("GET", "/runs/{id}/events", "What happened to a run, after a number"))
    .input(listRunEventsInputSchema.extend(key))
    .output(pageOf(runEventViewSchema))
    .query(({ ctx, input }) => listRunEvents(ctx.db, input)),

  transcript: viewerProcedure
    .meta(rest("GET", "/runs/{id}/transcript", "What the agent said and did, after a number"))
    .input(listTranscriptInputSchema.extend(key))
    .output(pageOf(transcriptEntryViewSchema).extend({ total: z.number().int() }))
    .query(({ ctx, input }) => listTranscript(ctx.db, input)),

  evidence: viewerProcedure
    .meta(rest("GET", "/runs/{id}/evidence", "The facts that a run's status rests on"))
    .input(byKeySchema)
    .output(runEvidenceSchema)
    .query(({ ctx, input }) => readEvidence(ctx.db, input)),

  attempts: viewerProcedure
    .meta(rest("GET", "/runs/{id}/attempts", "The executions of a run"))
    .input(byKeySchema)
    .output(itemsOf(attemptViewSchema))
    .query(({ ctx, input }) => listAttempts(ctx.db, input)),

  commits: viewerProcedure
    .meta(rest("GET", "/runs/{id}/commits", "The commits of a run, newest first"))
    .input(listCommitsInputSchema.extend(key))
    .output(pageOf(commitViewSchema))
    .query(({ ctx, input }) => listCommits(ctx.db, input, ctx.now)),

  commitPatch: viewerProcedure
    .meta(rest("GET", "/runs/{id}/commits/{sha}", "The patch of one commit of a run"))
    .input(readCommitPatchInputSchema.extend(key))
    .output(z.object({ patch: z.string().nullable(), isPatchCut: z.boolean() }))
    .query(({ ctx, input }) => readCommitPatch(ctx.db, input)),

  snapshots: viewerProcedure
    .meta(
      rest("GET", "/runs/{id}/snapshots", "What Coppice kept of uncommitted files, oldest first"),
    )
    .input(listSnapshotsInputSchema.extend(key))
    .output(itemsOf(snapshotViewSchema))
    .query(({ ctx, input }) => listSnapshots(ctx.db, input)),

  restore: operatorProcedure
    .meta(rest("POST", "/runs/{id}/restore", "Bring a run's work back as a workspace or a branch"))
    .input(restoreRunInputSchema.omit({ runId: true }).extend(key))
    .output(restoreViewSchema)
    .mutation(async ({ ctx, input: { id, ...wish } }) =>
      restoreRun(ctx, { ...wish, runId: await resolveRunId(ctx.db, id) }),
    ),

  preparePatch: operatorProcedure
    .input(takePatchInputSchema.extend(key))
    .output(z.object({ fileName: z.string(), totalBytes: z.number().int() }))
    .mutation(async ({ ctx, input }) => {
      const { fileName, totalBytes } = await takePatch(ctx, input);
      return { fileName, totalBytes };
    }),

  diff: viewerProcedure
    .meta(
      rest(
        "GET",
        "/runs/{id}/diff",
        "What a run changed, from its base to its head or between its commits",
      ),
    )
    .input(diffRunInputSchema.extend(key))
    .output(runDiffSchema)
    .query(({ ctx, input }) => diffRun(ctx, input)),
});

import { and, eq, inArray, isNotNull, isNull } from "drizzle-orm";
import { z } from "zod";
import { reviewComments, reviews, runs, workspaces } from "@/db/schema";
import { decideTouched } from "@/server/domain/decide-touched";
import { runDiffSchema } from "@/server/domain/diff";
import { Unavailable } from "@/server/domain/errors";
import { groupBy } from "@/server/domain/group-by";
import { runIdSchema, type Sha, type WorkerId } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import type { ReviewView } from "@/server/domain/review";
import { isTerminal } from "@/server/domain/run-status";
import { askHost } from "@/server/host-requests/ask-host";
import type { VerbContext } from "@/server/runs/context";
import { readReviewView } from "./read-review-view";

export const judgeCommentsInputSchema = z.strictObject({ runId: runIdSchema });

/**
 * Finds out which sent comments' lines were changed by the run that was told of them, once that run has
 * ended, and remembers it. What cannot be found out while its host is away stays unknown.
 * @throws NotFound
 */
export async function judgeComments(
  context: VerbContext,
  input: z.input<typeof judgeCommentsInputSchema>,
): Promise<ReviewView> {
  const { runId } = parseInput(judgeCommentsInputSchema, input);
  const view = await readReviewView(context.db, runId, context.actor);
  const open = await context.db
    .select({
      comment: reviewComments,
      status: runs.status,
      headCommit: runs.headCommit,
      toldRunId: runs.id,
      workerId: workspaces.workerId,
    })
    .from(reviewComments)
    .innerJoin(reviews, eq(reviews.id, reviewComments.reviewId))
    .innerJoin(runs, eq(runs.id, reviews.sentRunId))
    .innerJoin(workspaces, eq(workspaces.id, runs.workspaceId))
    .where(
      and(
        eq(reviewComments.runId, runId),
        isNull(reviewComments.isTouched),
        isNotNull(workspaces.workerId),
      ),
    );
  const groups = groupBy(
    open.filter(({ status, headCommit }) => isTerminal(status) && headCommit !== null),
    ({ comment, toldRunId }) => `${toldRunId} ${comment.toCommit}`,
  );
  if (groups.size === 0) return view;
  for (const group of groups.values()) {
    try {
      await judgeGroup(context, group);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  }
  return readReviewView(context.db, runId, context.actor);
}

interface OpenComment {
  comment: typeof reviewComments.$inferSelect;
  headCommit: Sha | null;
  toldRunId: string;
  workerId: WorkerId | null;
}

/** Comments on the same commit, of which the same run was told: one comparison answers for all. */
async function judgeGroup(context: VerbContext, group: OpenComment[]): Promise<void> {
  const [first] = group;
  if (!first) return;
  const from = first.comment.toCommit;
  const changed = await readChanged(context, first, from);
  for (const isTouched of [true, false]) {
    const ids = group
      .map(({ comment }) => comment)
      .filter((comment) => decideTouched(comment, changed) === isTouched)
      .map(({ id }) => id);
    if (ids.length === 0) continue;
    await context.db
      .update(reviewComments)
      .set({ isTouched, judgedAt: context.now })
      .where(and(inArray(reviewComments.id, ids), isNull(reviewComments.isTouched)));
  }
}

async function readChanged(context: VerbContext, told: OpenComment, from: Sha) {
  if (from === told.headCommit) return { patch: "", files: [] };
  const answer = await askHost(context, {
    kind: "diff_run",
    input: { runId: told.toldRunId, from, to: told.headCommit },
    workerId: told.workerId,
    answerWithinSeconds: 30,
  });
  const { patch, isCut, changes } = runDiffSchema.parse(answer);
  // The last file of a cut patch is not all there: it counts as one whose patch is not shown.
  const end = isCut ? patch.lastIndexOf("diff --git ") : patch.length;
  return { patch: patch.slice(0, end), files: changes };
}

"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useStored } from "@/components/diff/use-stored";
import { useTRPC } from "@/components/live/trpc";
import { notify } from "@/components/ui/notify";
import type { ReviewView } from "@/server/domain/review";
import { isTerminal } from "@/server/domain/run-status";
import type { Draft } from "./drafts";

const noDrafts: Draft[] = [];

/** The comments on a run's changes, those being written, and what can be done with them. */
export function useReview(runId: string) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const list = useQuery(trpc.reviews.list.queryOptions({ runId }));
  const judged = useQuery(
    trpc.reviews.judge.queryOptions(
      { runId },
      { enabled: list.data !== undefined && isJudgementOpen(list.data), retry: false },
    ),
  );
  const [drafts, changeDrafts] = useStored(`coppice.comments.${runId}`, noDrafts);
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: trpc.reviews.pathKey() });
  };
  const settle = { onSuccess: refresh, onError: notify.failure };
  const newest = judged.dataUpdatedAt > list.dataUpdatedAt ? judged.data : list.data;
  return {
    runId,
    view: newest ?? null,
    error: list.error,
    drafts,
    changeDrafts,
    add: useMutation(trpc.reviews.add.mutationOptions({ onSuccess: refresh })),
    edit: useMutation(trpc.reviews.edit.mutationOptions({ onSuccess: refresh })),
    remove: useMutation(trpc.reviews.remove.mutationOptions(settle)),
    discard: useMutation(trpc.reviews.discard.mutationOptions(settle)),
    send: useMutation(trpc.reviews.send.mutationOptions({ onSuccess: refresh })),
  };
}
export type ReviewState = ReturnType<typeof useReview>;

/** A run that was told of comments has ended, and nobody has looked yet whether it changed their lines. */
function isJudgementOpen({ comments, reviews }: ReviewView): boolean {
  const ended = new Set(
    reviews.filter(({ run }) => run && isTerminal(run.status)).map(({ id }) => id),
  );
  return comments.some(
    ({ reviewId, isTouched }) => isTouched === null && reviewId !== null && ended.has(reviewId),
  );
}

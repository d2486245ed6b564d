"use client";
import { ChevronDown, ChevronUp } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useStored } from "@/components/diff/use-stored";
import { useMember } from "@/components/shell/member";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { Textarea } from "@/components/ui/textarea";
import type { ReviewComment, ReviewWay } from "@/server/domain/review";
import { ReviewList } from "./review-list";
import type { ReviewState } from "./use-review";

const sendWords: Record<ReviewWay, string> = {
  next_run: "Send as the next run",
  message: "Send to the agent",
};

/** The comments on a run together: those that wait, what was sent, and the button that sends. */
export function ReviewBar({
  runId,
  review,
  onJump,
}: {
  runId: string;
  review: ReviewState;
  onJump: (comment: ReviewComment) => void;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const { view } = review;
  if (!view || (view.comments.length === 0 && view.reviews.length === 0)) return null;
  const unsent = view.comments.filter(({ reviewId }) => reviewId === null);
  const last = view.reviews.findLast(({ run }) => run !== null)?.run;
  const Icon = isOpen ? ChevronDown : ChevronUp;
  return (
    <section
      aria-label="Review"
      className="max-h-[60%] shrink-0 overflow-y-auto border-t bg-surface"
    >
      <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1">
        <Button
          size="small"
          look="quiet"
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
          className="-ml-2"
        >
          <Icon aria-hidden className="size-3.5" />
          Review
        </Button>
        <span className="text-xs text-quiet">
          {countComments(unsent.length, view.comments.length)}
        </span>
        {last && (
          <Link href={`/runs/${last.id}`} className="text-xs text-live hover:underline">
            sent to #{last.number}
          </Link>
        )}
        <SendButtons {...{ runId, review }} count={unsent.length} />
      </div>
      {isOpen && (
        <div className="flex flex-col gap-3 border-t px-4 py-3">
          <NoteField runId={runId} />
          <ReviewList view={view} onJump={onJump} />
        </div>
      )}
      {review.send.error && (
        <div className="px-4 pb-3">
          <ErrorNote error={review.send.error} />
        </div>
      )}
    </section>
  );
}

function countComments(unsent: number, all: number): string {
  if (unsent === 0) return `${all} sent`;
  const waiting = unsent === 1 ? "1 comment to send" : `${unsent} comments to send`;
  return all > unsent ? `${waiting}, ${all - unsent} sent` : waiting;
}

const noNote = "";
const useNote = (runId: string) => useStored(`coppice.note.${runId}`, noNote);

function NoteField({ runId }: { runId: string }) {
  const { mayOperate } = useMember();
  const [note, changeNote] = useNote(runId);
  if (!mayOperate) return null;
  return (
    <Textarea
      aria-label="Overall note"
      placeholder="Overall note (stands before the comments)"
      rows={2}
      value={note}
      onChange={(event) => changeNote(() => event.target.value)}
    />
  );
}

function SendButtons({
  runId,
  review,
  count,
}: {
  runId: string;
  review: ReviewState;
  count: number;
}) {
  const { mayOperate } = useMember();
  const [note, changeNote] = useNote(runId);
  const [isAsking, setIsAsking] = useState(false);
  const { send, discard, view } = review;
  const isOnItsWay = view?.reviews.some(({ sentAt }) => sentAt === null) ?? false;
  if (!mayOperate || (count === 0 && note.trim() === "" && !isOnItsWay)) return null;
  const way = view?.way ?? null;
  return (
    <span className="ml-auto flex items-center gap-2">
      {way === null && <span className="text-xs text-faint">Can be sent when the run ends.</span>}
      {count > 0 && (
        <Button size="small" look="danger" onClick={() => setIsAsking(true)}>
          Discard all
        </Button>
      )}
      <Button
        size="small"
        look="primary"
        disabled={way === null || send.isPending}
        onClick={() =>
          send.mutate(
            { runId, note: note.trim() || null },
            { onSuccess: () => changeNote(() => "") },
          )
        }
      >
        {send.isPending ? "One moment…" : sendWords[way ?? "next_run"]}
      </Button>
      <ConfirmDialog
        title="Discard all comments"
        action="Discard all"
        isOpen={isAsking}
        isBusy={discard.isPending}
        error={discard.error}
        onClose={() => setIsAsking(false)}
        onConfirm={() => discard.mutate({ runId }, { onSuccess: () => setIsAsking(false) })}
      >
        <p className="text-sm">
          {count === 1 ? "The comment that is" : `The ${count} comments that are`} not sent yet will
          be gone, also for others who look at this run.
        </p>
      </ConfirmDialog>
    </span>
  );
}

"use client";
import { Pencil, Trash2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { ActorName } from "@/components/runs/actor-name";
import { useMember } from "@/components/shell/member";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import type { Review, ReviewComment } from "@/server/domain/review";
import { CommentForm } from "./comment-form";
import { describeLines } from "./describe-lines";
import type { ReviewState } from "./use-review";

/** A comment where it was made: who wrote it, what became of it, and what may be done with it. */
export function CommentCard({ comment, review }: { comment: ReviewComment; review: ReviewState }) {
  const { mayOperate } = useMember();
  const [isEditing, setIsEditing] = useState(false);
  const sent = review.view?.reviews.find(({ id }) => id === comment.reviewId) ?? null;
  const mayChange = mayOperate && comment.reviewId === null && !isEditing;
  return (
    <article
      id={`comment-${comment.id}`}
      tabIndex={-1}
      aria-label={`Comment on ${describeLines(comment)}`}
      className="flex flex-col gap-1.5 font-sans"
    >
      <header className="flex flex-wrap items-center gap-2 text-xs text-quiet">
        <span className="font-medium text-ink">
          <ActorName actor={comment.by} />
        </span>
        <span>{describeLines(comment)}</span>
        <RelativeTime at={comment.createdAt} className="text-faint" />
        {comment.editedAt && <span className="text-faint">edited</span>}
        <CommentState comment={comment} sent={sent} />
        {mayChange && (
          <span className="ml-auto flex">
            <Button
              {...{ look: "quiet", size: "small-icon", title: "Edit the comment" }}
              aria-label="Edit the comment"
              onClick={() => setIsEditing(true)}
            >
              <Pencil aria-hidden className="size-3.5" />
            </Button>
            <Button
              {...{ look: "quiet", size: "small-icon", title: "Remove the comment" }}
              aria-label="Remove the comment"
              disabled={review.remove.isPending}
              onClick={() => review.remove.mutate({ commentId: comment.id })}
            >
              <Trash2 aria-hidden className="size-3.5" />
            </Button>
          </span>
        )}
      </header>
      {isEditing ? (
        <CommentForm
          place={describeLines(comment)}
          initialBody={comment.body}
          action="Save"
          isBusy={review.edit.isPending}
          error={review.edit.error}
          onKeep={() => {}}
          onCancel={() => setIsEditing(false)}
          onSubmit={(body) =>
            review.edit.mutate(
              { commentId: comment.id, body },
              { onSuccess: () => setIsEditing(false) },
            )
          }
        />
      ) : (
        <p className="max-w-prose text-sm break-words whitespace-pre-wrap">{comment.body}</p>
      )}
    </article>
  );
}

/** Not sent, on its way, or sent to which run; and whether that run changed the lines. */
export function CommentState({ comment, sent }: { comment: ReviewComment; sent: Review | null }) {
  if (!sent) return <Badge>not sent</Badge>;
  return (
    <>
      {sent.run ? (
        <Link href={`/runs/${sent.run.id}`} className="text-live hover:underline">
          sent to #{sent.run.number}
        </Link>
      ) : (
        <Badge tone="warn">on its way</Badge>
      )}
      {comment.isTouched === true && (
        <Badge tone="good" title="The run that was told of it changed these lines.">
          changed since
        </Badge>
      )}
      {comment.isTouched === false && (
        <Badge tone="warn" title="The run that was told of it left these lines as they were.">
          untouched
        </Badge>
      )}
    </>
  );
}

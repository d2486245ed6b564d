"use client";
import type { ReviewComment, ReviewView } from "@/server/domain/review";
import { CommentState } from "./comment-card";
import { describeLines } from "./describe-lines";

/** All comments on a run, those that wait first; a click leads to the line. */
export function ReviewList({
  view,
  onJump,
}: {
  view: ReviewView;
  onJump: (comment: ReviewComment) => void;
}) {
  const waiting = view.comments.filter(({ reviewId }) => reviewId === null);
  const others = view.comments.filter(({ reviewId }) => reviewId !== null);
  return (
    <ul aria-label="Comments" className="-mx-2 flex flex-col">
      {[...waiting, ...others].map((comment) => (
        <li
          key={comment.id}
          className="relative flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md px-2 py-1 text-xs hover:bg-hover"
        >
          <button
            type="button"
            onClick={() => onJump(comment)}
            className="row-link max-w-full truncate text-left font-mono"
          >
            {comment.path}
            <span className="font-sans text-faint"> {describeLines(comment)}</span>
          </button>
          <span className="min-w-0 flex-1 truncate text-quiet">{comment.body}</span>
          <span className="relative z-10 flex items-center gap-2">
            <CommentState
              comment={comment}
              sent={view.reviews.find(({ id }) => id === comment.reviewId) ?? null}
            />
          </span>
        </li>
      ))}
    </ul>
  );
}

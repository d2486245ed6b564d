"use client";
import { Input } from "@/components/ui/input";
import { CommentForm } from "./comment-form";
import { describeLines } from "./describe-lines";
import { changeDraft, type Draft, dropDraft } from "./drafts";
import type { ReviewState } from "./use-review";

/** A comment being written under its line; which lines it is on can be changed by keyboard. */
export function DraftForm({
  draft,
  review,
  onLines,
}: {
  draft: Draft;
  review: ReviewState;
  onLines: (draft: Draft, line: number, endLine: number) => void;
}) {
  const { add, changeDrafts } = review;
  const { id, body: _, ...place } = draft;
  const isOwn = add.variables?.path === draft.path && add.variables.line === draft.line;
  return (
    <div className="flex flex-col gap-2 font-sans">
      <div className="flex flex-wrap items-center gap-2 text-xs text-quiet">
        <span>{draft.side === "old" ? "Old lines" : "Lines"}</span>
        <LineInput
          label="First line"
          value={draft.line}
          onChange={(line) => onLines(draft, line, Math.max(line, draft.endLine))}
        />
        <span>to</span>
        <LineInput
          label="Last line"
          value={draft.endLine}
          onChange={(end) => onLines(draft, Math.min(draft.line, end), end)}
        />
      </div>
      <CommentForm
        place={describeLines(draft)}
        initialBody={draft.body}
        action="Add to the review"
        isBusy={isOwn && add.isPending}
        error={isOwn ? add.error : null}
        onKeep={(body) => changeDrafts((drafts) => changeDraft(drafts, id, { body }))}
        onCancel={() => changeDrafts((drafts) => dropDraft(drafts, id))}
        onSubmit={(body) =>
          add.mutate(
            { ...place, runId: review.runId, body },
            { onSuccess: () => changeDrafts((drafts) => dropDraft(drafts, id)) },
          )
        }
      />
    </div>
  );
}

function LineInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (line: number) => void;
}) {
  const take = (text: string) => {
    const line = Number.parseInt(text, 10);
    if (line >= 1 && line !== value) onChange(line);
  };
  return (
    <span className="w-20">
      <Input
        key={value}
        type="number"
        min={1}
        aria-label={label}
        defaultValue={value}
        className="h-6 text-xs"
        onBlur={(event) => take(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && take(event.currentTarget.value)}
      />
    </span>
  );
}

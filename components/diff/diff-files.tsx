"use client";
import { useCallback, useMemo } from "react";
import { type Draft, openDraft } from "@/components/reviews/drafts";
import type { ReviewState } from "@/components/reviews/use-review";
import { makeKey } from "@/components/runs/make-key";
import type { FileChange } from "@/server/domain/diff";
import { groupBy } from "@/server/domain/group-by";
import type { ReviewComment } from "@/server/domain/review";
import { DiffPool } from "./diff-pool";
import type { DiffSettings } from "./diff-settings";
import { type DiffEnds, FileBlock } from "./file-block";
import { parseFile } from "./file-body";
import { findFirstChange, type LineRange, quoteLines } from "./line-range";
import type { DiffFile } from "./match-files";
import { PlainDiff } from "./plain-diff";
import { useDiffKeys } from "./use-diff-keys";

const none: never[] = [];

/** The changed files one under the other. */
export function DiffFiles({
  files,
  ends,
  from,
  to,
  settings,
  review,
  mayComment,
  opened,
  onOpen,
  isViewed,
  onViewed,
}: {
  files: DiffFile[];
  ends: DiffEnds;
  /** The commits that are compared: comments are made on these. */
  from: string;
  to: string;
  settings: DiffSettings;
  review: ReviewState;
  mayComment: boolean;
  /** By path, where a person opened or closed a file; else it is open until it is viewed. */
  opened: Record<string, boolean>;
  onOpen: (path: string, isOpen: boolean) => void;
  isViewed: (change: FileChange) => boolean;
  onViewed: (change: FileChange, isViewed: boolean) => void;
}) {
  const { changeDrafts } = review;
  const notes = useNotes(review, from, to);
  const comment = useCallback(
    (path: string, range: LineRange, quote: string) =>
      changeDrafts((drafts) =>
        openDraft(drafts, {
          ...{ ...range, id: makeKey(), path, quote, body: "" },
          ...{ fromCommit: from, toCommit: to },
        }),
      ),
    [changeDrafts, from, to],
  );
  const byPath = useMemo(() => new Map(files.map((file) => [file.change.path, file])), [files]);
  useDiffKeys({
    viewed: (path) => {
      const change = byPath.get(path)?.change;
      if (change) onViewed(change, !isViewed(change));
    },
    comment: (path) => {
      const file = byPath.get(path);
      const [parsed] = mayComment && file?.patch ? parseFile(file.change, file.patch) : [];
      const range = parsed && findFirstChange(parsed);
      if (range) comment(path, range, quoteLines(parsed, range));
    },
  });
  return (
    <DiffPool
      key={String(settings.hasWords)}
      hasWords={settings.hasWords}
      fallback={<PlainDiff patch={files.map(({ patch }) => patch ?? "").join("")} />}
    >
      {files.map((file) => {
        const { change } = file;
        const isSeen = isViewed(change);
        return (
          <FileBlock
            key={change.path}
            {...{ file, ends, settings, mayComment, review, onOpen, onViewed }}
            isOpen={opened[change.path] ?? !isSeen}
            isViewed={isSeen}
            comments={notes.comments.get(change.path) ?? none}
            drafts={notes.drafts.get(change.path) ?? none}
            onComment={comment}
          />
        );
      })}
    </DiffPool>
  );
}

/** The comments and drafts that belong to these lines, by file; those on other commits have other lines. */
function useNotes({ view, drafts }: ReviewState, from: string, to: string) {
  const comments = useMemo(() => groupOf(view?.comments ?? none, from, to), [view, from, to]);
  const open = useMemo(() => groupOf(drafts, from, to), [drafts, from, to]);
  return { comments, drafts: open };
}

function groupOf<Note extends ReviewComment | Draft>(
  notes: Note[],
  from: string,
  to: string,
): Map<string, Note[]> {
  const here = notes.filter(({ side, fromCommit, toCommit }) =>
    side === "old" ? fromCommit === from : toCommit === to,
  );
  return groupBy(here, ({ path }) => path);
}

"use client";
import {
  type DiffLineAnnotation,
  type FileDiffMetadata,
  parsePatchFiles,
  type SelectedLineRange,
} from "@pierre/diffs";
import { FileDiff } from "@pierre/diffs/react";
import { useTheme } from "next-themes";
import { useEffect, useMemo, useState } from "react";
import { CommentCard } from "@/components/reviews/comment-card";
import { DraftForm } from "@/components/reviews/draft-form";
import type { Draft } from "@/components/reviews/drafts";
import type { ReviewState } from "@/components/reviews/use-review";
import type { FileChange } from "@/server/domain/diff";
import type { ReviewComment } from "@/server/domain/review";
import type { DiffSettings } from "./diff-settings";
import { type LineRange, quoteLines, toLineRange } from "./line-range";
import { diffCss, theme } from "./viewer-theme";

interface Note {
  draft?: Draft;
  comment?: ReviewComment;
}

/** The changed lines of one file, with the comments on them and the forms for new ones. */
export function FileBody({
  parsed,
  settings,
  mayComment,
  comments,
  drafts,
  review,
  onComment,
}: {
  parsed: FileDiffMetadata[];
  settings: DiffSettings;
  mayComment: boolean;
  comments: ReviewComment[];
  drafts: Draft[];
  review: ReviewState;
  onComment: (range: LineRange, quote: string) => void;
}) {
  const { resolvedTheme } = useTheme();
  const [selected, setSelected] = useState<SelectedLineRange | null>(null);
  // The marked lines hold the “+” to themselves: once a form is open for them it is free again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new list of drafts is what it waits for
  useEffect(() => setSelected(null), [drafts]);
  const annotations = useMemo(
    () => [
      ...drafts.map((draft) => annotate(draft, { draft })),
      ...comments.map((comment) => annotate(comment, { comment })),
    ],
    [drafts, comments],
  );
  return parsed.map((file) => (
    <FileDiff<Note>
      key={file.cacheKey}
      fileDiff={file}
      lineAnnotations={annotations}
      selectedLines={selected}
      options={{
        theme,
        themeType: resolvedTheme === "dark" ? "dark" : "light",
        diffStyle: settings.isSplit ? "split" : "unified",
        lineDiffType: settings.hasWords ? "word-alt" : "none",
        overflow: "wrap",
        disableFileHeader: true,
        unsafeCSS: diffCss,
        enableGutterUtility: mayComment,
        enableLineSelection: mayComment,
        onLineSelected: setSelected,
        onLineSelectionChange: setSelected,
        onGutterUtilityClick: (selected) => {
          const range = toLineRange(selected);
          onComment(range, quoteLines(file, range));
        },
      }}
      renderAnnotation={({ metadata }) => (
        <div className="max-w-3xl border-y bg-canvas px-4 py-3 whitespace-normal">
          {metadata.draft && (
            <DraftForm
              draft={metadata.draft}
              review={review}
              onLines={(draft, line, endLine) =>
                review.changeDrafts((all) =>
                  all.map((one) =>
                    one.id === draft.id ? moveDraft(file, one, line, endLine) : one,
                  ),
                )
              }
            />
          )}
          {metadata.comment && <CommentCard comment={metadata.comment} review={review} />}
        </div>
      )}
    />
  ));
}

function annotate(at: LineRange, metadata: Note): DiffLineAnnotation<Note> {
  return {
    side: at.side === "old" ? "deletions" : "additions",
    lineNumber: at.endLine,
    metadata,
  };
}

function moveDraft(file: FileDiffMetadata, draft: Draft, line: number, endLine: number): Draft {
  const moved = { ...draft, line, endLine };
  return { ...moved, quote: quoteLines(file, moved) };
}

/** The parts of a file's patch, named as git names the file. */
export function parseFile({ path, previousPath, oldObject, newObject }: FileChange, patch: string) {
  return parsePatchFiles(patch)
    .flatMap((part) => part.files)
    .map((file, index) => ({
      ...file,
      name: path,
      ...(previousPath ? { prevName: previousPath } : {}),
      cacheKey: `${oldObject}:${newObject}:${patch.length}:${index}`,
    }));
}

"use client";
import { useQuery } from "@tanstack/react-query";
import { memo, useMemo, useRef, useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import type { Draft } from "@/components/reviews/drafts";
import type { ReviewState } from "@/components/reviews/use-review";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import type { FileChange } from "@/server/domain/diff";
import type { ReviewComment } from "@/server/domain/review";
import type { DiffSettings } from "./diff-settings";
import { FileBody, parseFile } from "./file-body";
import { FileHeader } from "./file-header";
import { HeldBackNote } from "./held-back-note";
import type { LineRange } from "./line-range";
import { cutLongLines, type DiffFile } from "./match-files";
import { useNear } from "./use-near";

/** What is compared, for a file that is read alone. */
export interface DiffEnds {
  id: string;
  from?: string | undefined;
  to?: string | undefined;
  whitespace?: "ignore" | undefined;
}

interface FileBlockProps {
  file: DiffFile;
  ends: DiffEnds;
  settings: DiffSettings;
  isOpen: boolean;
  isViewed: boolean;
  mayComment: boolean;
  comments: ReviewComment[];
  drafts: Draft[];
  review: ReviewState;
  onOpen: (path: string, isOpen: boolean) => void;
  onViewed: (change: FileChange, isViewed: boolean) => void;
  onComment: (path: string, range: LineRange, quote: string) => void;
}

/** One changed file: its heading, and its lines unless they are held back or closed. */
export const FileBlock = memo(DrawnFile, isAsBefore);

/** What can be done with comments is made anew all the time, and is nothing to a file without any. */
function isAsBefore(before: FileBlockProps, { review, ...now }: FileBlockProps): boolean {
  const hasNotes = now.comments.length + now.drafts.length > 0;
  if (hasNotes && before.review !== review) return false;
  return Object.entries(now).every(([name, value]) => before[name as keyof typeof now] === value);
}

function DrawnFile(props: FileBlockProps) {
  const { file, isOpen, isViewed, onOpen, onViewed } = props;
  const { change } = file;
  const section = useRef<HTMLElement>(null);
  const isNear = useNear(section);
  return (
    <section ref={section} data-file={change.path} aria-label={change.path}>
      <FileHeader
        {...{ change, isOpen, isViewed }}
        comments={props.comments.length}
        onToggle={() => onOpen(change.path, !isOpen)}
        onViewed={(isNow) => onViewed(change, isNow)}
      />
      {isOpen &&
        (isNear ? <OpenFile {...props} /> : <div style={{ height: estimateHeight(file) }} />)}
    </section>
  );
}

const lineHeight = 20;
const contextLines = 6;

/** What a file that nobody has come near yet would take, in pixels. */
function estimateHeight({ change, heldBack }: DiffFile): number {
  if (heldBack !== null) return 2 * lineHeight;
  return (change.additions + change.deletions + contextLines) * lineHeight;
}

function OpenFile({ file, ends, ...rest }: FileBlockProps) {
  const { settings, mayComment, comments, drafts, review, onComment } = rest;
  const trpc = useTRPC();
  const [isAsked, setIsAsked] = useState(false);
  const { change, heldBack } = file;
  const alone = useQuery(
    trpc.runs.diff.queryOptions(
      { ...ends, path: change.path },
      { enabled: isAsked && file.patch === null, staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  const patch = heldBack === null || isAsked ? (file.patch ?? alone.data?.patch ?? null) : null;
  const parsed = useMemo(
    () => (patch ? parseFile(change, cutLongLines(patch)) : null),
    [change, patch],
  );
  if (alone.error) {
    return (
      <div className="p-3">
        <ErrorNote error={alone.error} />
      </div>
    );
  }
  if (!parsed) {
    const mayShow = heldBack !== "binary" && heldBack !== "no_lines";
    return (
      <HeldBackNote change={change} why={heldBack ?? "left_out"}>
        {mayShow && (
          <Button
            size="small"
            disabled={isAsked && !alone.isSuccess}
            onClick={() => setIsAsked(true)}
          >
            {isAsked && !alone.isSuccess ? "One moment…" : "Show anyway"}
          </Button>
        )}
      </HeldBackNote>
    );
  }
  return (
    <FileBody
      {...{ parsed, settings, mayComment, comments, drafts, review }}
      onComment={(range, quote) => onComment(change.path, range, quote)}
    />
  );
}

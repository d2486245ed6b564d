"use client";
import { clsx } from "clsx";
import { ChevronDown, ChevronRight, MessageSquare } from "lucide-react";
import { ChangedLines } from "@/components/runs/changed-lines";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import type { FileChange } from "@/server/domain/diff";
import { changeDress } from "./change-dress";

/** A file's name and counts, which stay in sight while it is read, and the mark that it was viewed. */
export function FileHeader({
  change,
  isOpen,
  isViewed,
  comments,
  onToggle,
  onViewed,
}: {
  change: FileChange;
  isOpen: boolean;
  isViewed: boolean;
  comments: number;
  onToggle: () => void;
  onViewed: (isViewed: boolean) => void;
}) {
  const { path, previousPath, kind, additions, deletions } = change;
  const { word } = changeDress[kind];
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const at = path.lastIndexOf("/") + 1;
  return (
    <header className="sticky top-0 z-10 flex h-9 items-center gap-2 border-y bg-sunken px-2 text-xs">
      <button
        type="button"
        data-file-heading
        aria-expanded={isOpen}
        title={previousPath ? `${previousPath} → ${path}` : path}
        onClick={onToggle}
        className="flex h-full min-w-0 items-center gap-1.5 text-left -outline-offset-2"
      >
        <Chevron aria-hidden className="size-3.5 shrink-0 text-faint" />
        <span className="flex min-w-0 font-mono">
          {previousPath && (
            <span className="shrink truncate text-faint max-md:hidden">{previousPath} →&nbsp;</span>
          )}
          <span className="truncate text-quiet">{path.slice(0, at)}</span>
          <span
            className={clsx("max-w-full shrink-0 truncate font-semibold", isViewed && "text-quiet")}
          >
            {path.slice(at)}
          </span>
        </span>
      </button>
      <CopyButton text={path} what="the path" />
      {kind !== "modified" && <Badge>{word}</Badge>}
      {change.isBinary && <Badge>binary</Badge>}
      <ChangedLines {...{ additions, deletions }} />
      <span className="ml-auto flex shrink-0 items-center gap-3">
        {comments > 0 && (
          <span className="flex items-center gap-1 text-quiet">
            <MessageSquare aria-hidden className="size-3.5" />
            {comments}
            <span className="sr-only">{comments === 1 ? "comment" : "comments"}</span>
          </span>
        )}
        <label className="flex cursor-pointer items-center gap-1.5 text-quiet">
          <input
            type="checkbox"
            checked={isViewed}
            onChange={(event) => onViewed(event.target.checked)}
            className="accent-(--ink)"
          />
          <span className="max-md:sr-only">Viewed</span>
          <span className="sr-only">{path}</span>
        </label>
      </span>
    </header>
  );
}

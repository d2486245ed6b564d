"use client";
import { ChevronDown, CircleX, FilePen } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { type EntryFilter, entryFilters } from "./filter-entries";

const words: Record<EntryFilter, string> = {
  all: "All",
  text: "Text",
  tools: "Tools",
  edits: "Edits",
  errors: "Errors",
};

/** What of the activity is shown, a search in it, and the way to the next error and the next edit. */
export function TranscriptToolbar({
  filter,
  onFilter,
  search,
  onSearch,
  counts,
  onNext,
}: {
  filter: EntryFilter;
  onFilter: (filter: EntryFilter) => void;
  search: string;
  onSearch: (search: string) => void;
  counts: { shown: number; loaded: number; errors: number; edits: number };
  onNext: (what: "errors" | "edits") => void;
}) {
  return (
    <div
      role="toolbar"
      aria-label="Activity shown"
      className="flex min-h-9 shrink-0 items-center gap-1 overflow-x-auto border-b px-3 [scrollbar-width:none]"
    >
      {entryFilters.map((each) => (
        <Button
          key={each}
          size="small"
          look="quiet"
          aria-pressed={filter === each}
          className={filter === each ? "bg-hover! text-ink!" : undefined}
          onClick={() => onFilter(each)}
        >
          {words[each]}
        </Button>
      ))}
      <Input
        type="search"
        aria-label="Search the loaded entries"
        placeholder="Search the loaded entries"
        value={search}
        onChange={(event) => onSearch(event.target.value)}
        className="ml-1 h-6! w-48! min-w-24 shrink text-xs!"
      />
      <span aria-live="polite" className="shrink-0 px-1 text-xs text-faint">
        {counts.shown < counts.loaded && `${counts.shown} of ${counts.loaded}`}
      </span>
      <span className="ml-auto flex shrink-0">
        <NextButton what="edit" count={counts.edits} onClick={() => onNext("edits")} />
        <NextButton what="error" count={counts.errors} onClick={() => onNext("errors")} />
      </span>
    </div>
  );
}

function NextButton({
  what,
  count,
  onClick,
}: {
  what: "edit" | "error";
  count: number;
  onClick: () => void;
}) {
  const Icon = what === "edit" ? FilePen : CircleX;
  return (
    <Button
      size="small"
      look="quiet"
      disabled={count === 0}
      aria-label={`Next ${what} (${count})`}
      title={`Next ${what} (${what === "edit" ? "e" : "f"}, while the activity has the focus)`}
      onClick={onClick}
    >
      <Icon aria-hidden className="size-3.5" />
      {count}
      <ChevronDown aria-hidden className="size-3" />
    </Button>
  );
}

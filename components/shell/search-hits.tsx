"use client";
import { clsx } from "clsx";
import { RunStatusLabel } from "@/components/runs/run-status";
import type { SearchHit } from "@/server/domain/views";

/** The list under the search box. Focus stays in the box, whose keys move `at`. */
export function SearchHits({
  id,
  isShown,
  hits,
  at,
  note,
  onChoose,
}: {
  id: string;
  isShown: boolean;
  hits: SearchHit[];
  at: number;
  note: string;
  onChoose: (runId: string) => void;
}) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Runs found"
      hidden={!isShown}
      className="absolute top-9 right-0 left-0 z-40 max-h-96 overflow-y-auto rounded-md border border-edge bg-surface p-1 md:min-w-lg"
    >
      {hits.map((hit, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's
        // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the combobox
        <div
          key={`${hit.matched}${hit.run.id}`}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(hit.run.id)}
          className={clsx("cursor-pointer rounded-sm px-2 py-1.5", index === at && "bg-hover")}
        >
          <div className="flex items-center gap-2">
            <span className="font-mono text-xs text-faint">#{hit.run.number}</span>
            <span className="min-w-0 flex-1 truncate">{hit.run.title}</span>
            <RunStatusLabel status={hit.run.status} className="text-xs" />
          </div>
          <p className="truncate text-xs text-faint">{hit.matched}</p>
        </div>
      ))}
      {hits.length === 0 && <p className="px-2 py-1.5 text-quiet">{note}</p>}
    </div>
  );
}

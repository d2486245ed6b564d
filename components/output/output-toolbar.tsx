"use client";
import { ArrowUp, Download } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { formatBytes } from "@/components/ui/format-number";
import { Select } from "@/components/ui/select";
import type { AttemptView, RunView } from "@/server/domain/run-view";
import { windowFrom, windowTo } from "./output-window";
import type { OutputView } from "./use-output";

/** Which attempt's output, how much there is, where in it one looks, and the whole of it as a file. */
export function OutputToolbar({
  run,
  view,
  attempts,
  attempt,
  onChoose,
  onSeek,
}: {
  run: RunView;
  view: OutputView;
  attempts: AttemptView[];
  attempt: number | null;
  onChoose: (attempt: number | null) => void;
  onSeek: (from: number) => void;
}) {
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-2 border-b px-4 py-1">
      {attempts.length > 1 && (
        <Select
          aria-label="Attempt"
          className="w-36"
          value={attempt ?? ""}
          onChange={(event) => onChoose(event.target.value ? Number(event.target.value) : null)}
        >
          <option value="">Latest attempt</option>
          {attempts.map((one) => (
            <option key={one.id} value={one.number}>
              Attempt {one.number}
            </option>
          ))}
        </Select>
      )}
      <span className="text-xs text-faint">{formatBytes(view.total)}</span>
      <OutputPosition view={view} onSeek={onSeek} />
      <span className="ml-auto flex items-center gap-1">
        <Button look="quiet" size="small" onClick={() => onSeek(0)}>
          <ArrowUp aria-hidden className="size-3.5" />
          Start
        </Button>
        <a
          href={`/runs/${run.id}/output${attempt === null ? "" : `?attempt=${attempt}`}`}
          download={`run-${run.number}.log`}
          className="flex h-6 items-center gap-1 rounded-md px-2 text-xs text-quiet hover:bg-hover hover:text-ink"
        >
          <Download aria-hidden className="size-3.5" />
          Raw
        </a>
      </span>
    </div>
  );
}

/** Where in the whole output one looks; moving it leads to any part. */
function OutputPosition({ view, onSeek }: { view: OutputView; onSeek: (from: number) => void }) {
  const [moved, setMoved] = useState<number | null>(null);
  const from = windowFrom(view.window);
  if (from === 0 && windowTo(view.window) >= view.total) return null;
  const seek = () => {
    if (moved !== null) onSeek(moved);
    setMoved(null);
  };
  return (
    <>
      <input
        type="range"
        aria-label="Position in the output"
        aria-valuetext={`at ${formatBytes(moved ?? from)} of ${formatBytes(view.total)}`}
        min={0}
        max={view.total}
        step={64 * 1024}
        value={moved ?? from}
        onChange={(event) => setMoved(Number(event.target.value))}
        onPointerUp={seek}
        onKeyUp={seek}
        className="w-40 accent-[var(--ink)]"
      />
      <span className="text-xs text-faint">
        showing {formatBytes(moved ?? from)} – {formatBytes(windowTo(view.window))}
      </span>
    </>
  );
}

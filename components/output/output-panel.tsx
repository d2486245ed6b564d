"use client";
import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Download } from "lucide-react";
import { useCallback, useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { isEnded } from "@/components/runs/run-status";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { formatBytes } from "@/components/ui/format-number";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import type { RunView } from "@/server/domain/run-view";
import { OutputLines } from "./output-lines";
import { windowFrom, windowTo } from "./output-window";
import { useOutput } from "./use-output";

/** What the agent's process printed, as it printed it: the end first, any part on demand. */
export function OutputPanel({ run }: { run: RunView }) {
  const trpc = useTRPC();
  const attempts = useQuery(trpc.runs.attempts.queryOptions({ id: run.id }));
  const [attempt, setAttempt] = useState<number | null>(null);
  const chosen = attempts.data?.items.find((one) => one.number === attempt);
  const output = useOutput(run.id, attempt, chosen?.outputBytes ?? run.outputBytes);
  const { view } = output;
  const [isAtEnd, setIsAtEnd] = useState(true);
  const isWhole = windowTo(view.window) >= view.total;
  const readDown = useCallback(() => {
    if (!isWhole) void output.readDown();
  }, [isWhole, output.readDown]);
  const readUp = useCallback(() => void output.readUp(), [output.readUp]);

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-10 flex-wrap items-center gap-2 border-b px-4 py-1">
        {(attempts.data?.items.length ?? 0) > 1 && (
          <Select
            aria-label="Attempt"
            className="w-36"
            value={attempt ?? ""}
            onChange={(event) => setAttempt(event.target.value ? Number(event.target.value) : null)}
          >
            <option value="">Latest attempt</option>
            {attempts.data?.items.map((one) => (
              <option key={one.id} value={one.number}>
                Attempt {one.number}
              </option>
            ))}
          </Select>
        )}
        <span className="text-xs text-faint">{formatBytes(view.total)}</span>
        <OutputPosition view={view} onSeek={(from) => void output.openAt(from, "start")} />
        <span className="ml-auto flex items-center gap-1">
          <Button look="quiet" size="small" onClick={() => void output.openAt(0, "start")}>
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
      {view.error && view.window.lineCount === 0 ? (
        <ErrorState error={view.error} onRetry={() => void output.openEnd()} />
      ) : !view.isLoaded ? (
        <Skeleton className="m-4 h-64" />
      ) : view.total === 0 ? (
        <EmptyState title={isEnded(run.status) ? "Nothing was printed." : "Nothing printed yet."}>
          {!isEnded(run.status) && "What the process prints appears here at once."}
        </EmptyState>
      ) : (
        <OutputLines
          view={view}
          follows={isAtEnd && isWhole}
          onFollow={setIsAtEnd}
          onNearTop={readUp}
          onNearBottom={readDown}
        />
      )}
      {view.isLoaded && view.total > 0 && !(isAtEnd && isWhole) && (
        <Button
          size="small"
          className="absolute right-6 bottom-4"
          onClick={() => {
            setIsAtEnd(true);
            void output.openEnd();
          }}
        >
          <ArrowDown aria-hidden className="size-3.5" />
          Jump to the end
        </Button>
      )}
    </div>
  );
}

/** Where in the whole output one looks; moving it leads to any part. */
function OutputPosition({
  view,
  onSeek,
}: {
  view: ReturnType<typeof useOutput>["view"];
  onSeek: (from: number) => void;
}) {
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

"use client";
import { ArrowDown } from "lucide-react";
import { Fragment, useMemo } from "react";
import { isEnded } from "@/components/runs/run-status";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useStickToEnd } from "@/components/ui/use-stick-to-end";
import type { RunView, TranscriptEntryView } from "@/server/domain/run-view";
import { TranscriptItem } from "./transcript-item";
import { type ToolResult, useTranscript } from "./use-transcript";

/** What the agent was told, said and did, newest at the end; it follows the end while one is there. */
export function TranscriptPanel({ run }: { run: RunView }) {
  const transcript = useTranscript(run);
  const { entries } = transcript;
  const { box, isAtEnd, jumpToEnd } = useStickToEnd(entries?.at(-1)?.seq ?? 0);
  const results = useMemo(() => pairResults(entries ?? []), [entries]);

  if (!entries) {
    return transcript.error ? (
      <ErrorState error={transcript.error} onRetry={transcript.retry} />
    ) : (
      <SkeletonRows rows={8} label="Loading the activity" />
    );
  }
  if (entries.length === 0) return <NoEntries run={run} />;
  const shown = entries.filter((view) => !isShownWithItsCall(view, results));
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={box}
        role="log"
        aria-label="Activity"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the keys
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto px-4 py-2"
      >
        {transcript.earlier > 0 && (
          <Button size="small" disabled={transcript.isReadingBack} onClick={transcript.readBack}>
            {transcript.isReadingBack
              ? "Loading…"
              : `Show earlier entries (${transcript.earlier} more)`}
          </Button>
        )}
        <ol>
          {shown.map((view, index) => (
            <Fragment key={view.seq}>
              {view.attempt !== (shown[index - 1]?.attempt ?? 1) && (
                <li className="mt-3 mb-1 border-b pb-1 text-xs text-faint">
                  Attempt {view.attempt}
                </li>
              )}
              <TranscriptItem
                view={view}
                result={
                  view.entry.kind === "tool_call" ? results.get(view.entry.toolId) : undefined
                }
                isRunEnded={isEnded(run.status)}
              />
            </Fragment>
          ))}
        </ol>
      </div>
      {!isAtEnd && (
        <Button size="small" className="absolute right-4 bottom-3" onClick={jumpToEnd}>
          <ArrowDown aria-hidden className="size-3.5" />
          Jump to the end
        </Button>
      )}
    </div>
  );
}

function NoEntries({ run }: { run: RunView }) {
  if (run.agent === "shell") {
    return (
      <EmptyState title="A shell command has no transcript.">
        What it printed stands in its output.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={isEnded(run.status) ? "The agent said nothing." : "Nothing has been said yet."}
    >
      {isEnded(run.status)
        ? "It ended before its first entry. The output and the timeline tell more."
        : "What the agent says and does appears here at once."}
    </EmptyState>
  );
}

function pairResults(entries: TranscriptEntryView[]): Map<string, ToolResult> {
  const results = new Map<string, ToolResult>();
  const called = new Set<string>();
  for (const { entry } of entries) {
    if (entry.kind === "tool_call") called.add(entry.toolId);
    if (entry.kind === "tool_result" && called.has(entry.toolId)) results.set(entry.toolId, entry);
  }
  return results;
}

function isShownWithItsCall({ entry }: TranscriptEntryView, results: Map<string, ToolResult>) {
  return entry.kind === "tool_result" && results.get(entry.toolId) === entry;
}

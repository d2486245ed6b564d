"use client";
import { ArrowDown } from "lucide-react";
import { isEnded } from "@/components/runs/run-status";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useStickToEnd } from "@/components/ui/use-stick-to-end";
import type { RunView } from "@/server/domain/run-view";
import { TodoSummary } from "./todo-summary";
import { TranscriptLines } from "./transcript-lines";
import { TranscriptToolbar } from "./transcript-toolbar";
import { useJumps } from "./use-jumps";
import { useReach } from "./use-reach";
import { useShownLines } from "./use-shown-lines";
import { useTranscript } from "./use-transcript";

type TranscriptRun = Pick<RunView, "id" | "sessionId" | "transcriptEntries" | "agent" | "status">;

/** What the agent was told, said and did, newest at the end; it follows the end while one is there. */
export function TranscriptPanel({ run }: { run: TranscriptRun }) {
  const transcript = useTranscript(run);
  const { entries } = transcript;
  const shown = useShownLines(run.id, transcript);
  const { lines, jumps, target } = shown;
  const { box, isAtEnd, jumpToEnd } = useStickToEnd(lines.length === 0 ? 0 : lines);
  const { jump, onKeyDown } = useJumps(box, jumps);
  const reach = useReach(target, transcript, box);

  if (!entries) {
    return transcript.error ? (
      <ErrorState error={transcript.error} onRetry={transcript.retry} />
    ) : (
      <SkeletonRows rows={8} label="Loading the activity" />
    );
  }
  if (shown.isWhole && lines.length === 0) return <NoEntries run={run} />;
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <TranscriptToolbar {...shown} onNext={jump} />
      {shown.todos && <TodoSummary todos={shown.todos} />}
      <div
        ref={box}
        role="log"
        aria-label="Activity"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the keys
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-y-auto px-4 py-2"
      >
        <div>
          <Earlier transcript={transcript} target={target} reach={reach} />
          {lines.length === 0 ? (
            <p className="py-4 text-quiet">Nothing of what is loaded matches.</p>
          ) : (
            <TranscriptLines
              lines={lines}
              sessionId={run.sessionId}
              isRunEnded={isEnded(run.status)}
              target={target}
            />
          )}
        </div>
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

/** The way to what lies before the first entry that is loaded. */
function Earlier({
  transcript: { earlier, first, isReadingBack, readBack },
  target,
  reach,
}: {
  transcript: ReturnType<typeof useTranscript>;
  target: number | null;
  reach: ReturnType<typeof useReach>;
}) {
  if (earlier === 0) return null;
  return (
    <>
      <Button size="small" disabled={isReadingBack} onClick={() => void readBack()}>
        {isReadingBack ? "Loading…" : `Show earlier entries (${earlier} more)`}
      </Button>
      {reach.isTooFar && target !== null && (
        <p className="py-1 text-quiet">
          Entry {target} lies {first - target} entries further back.{" "}
          <Button size="small" onClick={reach.read} disabled={isReadingBack}>
            Load all up to it
          </Button>
        </p>
      )}
    </>
  );
}

function NoEntries({ run }: { run: TranscriptRun }) {
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

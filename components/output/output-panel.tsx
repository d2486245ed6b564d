"use client";
import { useQuery } from "@tanstack/react-query";
import { ArrowDown } from "lucide-react";
import { useCallback, useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { isEnded } from "@/components/runs/run-status";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import type { RunView } from "@/server/domain/run-view";
import { OutputLines } from "./output-lines";
import { OutputToolbar } from "./output-toolbar";
import { windowTo } from "./output-window";
import { useOutput } from "./use-output";

/** What the agent's process printed, as it printed it: the end first, any part on demand. */
export function OutputPanel({ run }: { run: RunView }) {
  if (run.attempt === 0) {
    return (
      <EmptyState title={isEnded(run.status) ? "Nothing was printed." : "Nothing printed yet."}>
        {isEnded(run.status)
          ? "The run ended before a worker began with it."
          : "What the process prints appears here as soon as a worker begins."}
      </EmptyState>
    );
  }
  return <AttemptOutput run={run} />;
}

function AttemptOutput({ run }: { run: RunView }) {
  const trpc = useTRPC();
  const attempts = useQuery(trpc.runs.attempts.queryOptions({ id: run.id }));
  const [attempt, setAttempt] = useState<number | null>(null);
  const chosen = attempts.data?.items.find((one) => one.number === attempt);
  const [isFollowing, setIsFollowing] = useState(true);
  const output = useOutput(run.id, attempt, {
    knownBytes: chosen?.outputBytes ?? run.outputBytes,
    follows: isFollowing,
  });
  const { view, readUp, readDown, openAt, openEnd } = output;
  const isWhole = windowTo(view.window) >= view.total;
  const readOn = useCallback(() => {
    if (!isWhole) void readDown();
  }, [isWhole, readDown]);
  const seek = useCallback(
    (from: number) => {
      setIsFollowing(false);
      void openAt(from, "start");
    },
    [openAt],
  );
  // Being at the window's end is following only where that is the output's end, or was just now.
  const follow = useCallback(
    (isAtWindowEnd: boolean) => setIsFollowing((before) => isAtWindowEnd && (before || isWhole)),
    [isWhole],
  );

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <OutputToolbar
        run={run}
        view={view}
        attempts={attempts.data?.items ?? []}
        attempt={attempt}
        onChoose={setAttempt}
        onSeek={seek}
      />
      {view.error && view.window.lineCount === 0 ? (
        <ErrorState error={view.error} onRetry={() => void openEnd()} />
      ) : !view.isLoaded ? (
        <Skeleton className="m-4 h-64" />
      ) : view.total === 0 ? (
        <EmptyState title={isEnded(run.status) ? "Nothing was printed." : "Nothing printed yet."}>
          {!isEnded(run.status) && "What the process prints appears here at once."}
        </EmptyState>
      ) : (
        <OutputLines
          view={view}
          follows={isFollowing}
          onFollow={follow}
          onNearTop={readUp}
          onNearBottom={readOn}
          onSeek={seek}
        />
      )}
      {view.isLoaded && view.total > 0 && !isFollowing && (
        <Button
          size="small"
          className="absolute right-6 bottom-4"
          onClick={() => void openEnd().then(() => setIsFollowing(true))}
        >
          <ArrowDown aria-hidden className="size-3.5" />
          Jump to the end
        </Button>
      )}
    </div>
  );
}

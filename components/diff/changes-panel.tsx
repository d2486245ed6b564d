"use client";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTRPC } from "@/components/live/trpc";
import { isEnded } from "@/components/runs/run-status";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import type { RunView } from "@/server/domain/run-view";
import { ChangesView } from "./changes-view";
import { useDiffSettings } from "./diff-settings";
import type { DiffEnds } from "./file-block";
import { ScopeSelect } from "./scope-select";
import { useScope } from "./use-scope";

/** What the run changed: as a whole from its base commit to its head, or a chosen part of it. */
export function ChangesPanel({ run }: { run: RunView }) {
  const trpc = useTRPC();
  const hasBase = run.workspace.baseCommit !== null;
  const [settings, setSettings] = useDiffSettings();
  const { scopes, scope, setChosen } = useScope(run);
  const ends = useMemo(
    (): DiffEnds => ({
      id: run.id,
      ...(scope.from ? { from: scope.from, to: scope.to } : {}),
      ...(settings.isSpaceIgnored ? { whitespace: "ignore" } : {}),
    }),
    [run.id, scope.from, scope.to, settings.isSpaceIgnored],
  );
  const diff = useQuery(
    trpc.runs.diff.queryOptions(ends, {
      enabled: hasBase,
      // Between two commits nothing changes any more; the whole run follows its head.
      ...(scope.from ? { staleTime: Number.POSITIVE_INFINITY } : {}),
      placeholderData: (before) => before,
    }),
  );
  if (!hasBase) {
    return (
      <EmptyState title="Nothing to compare yet.">
        The run has no base commit before its workspace is made.
      </EmptyState>
    );
  }
  if (diff.isError) return <ErrorState error={diff.error} onRetry={() => void diff.refetch()} />;
  if (!diff.data) return <Skeleton className="m-4 h-64" />;
  const select = scopes.length > 1 && (
    <ScopeSelect scopes={scopes} chosen={scope} onChoose={setChosen} />
  );
  if (diff.data.files === 0) {
    return (
      <>
        {select && <div className="flex min-h-9 items-center border-b px-2 py-1">{select}</div>}
        <NoChanges run={run} isSpaceIgnored={settings.isSpaceIgnored} />
      </>
    );
  }
  return (
    <ChangesView
      key={run.id}
      {...{ ends, settings }}
      runId={run.id}
      diff={diff.data}
      onSettings={setSettings}
    >
      {select}
    </ChangesView>
  );
}

function NoChanges({ run, isSpaceIgnored }: { run: RunView; isSpaceIgnored: boolean }) {
  const [, setSettings] = useDiffSettings();
  if (isSpaceIgnored) {
    return (
      <EmptyState
        title="Nothing but white space was changed, or nothing at all."
        action={
          <button
            type="button"
            className="text-live hover:underline"
            onClick={() => setSettings({ isSpaceIgnored: false })}
          >
            Show white space
          </button>
        }
      />
    );
  }
  return (
    <EmptyState title={isEnded(run.status) ? "Nothing was changed." : "Nothing changed yet."}>
      {!isEnded(run.status) && "What the agent writes appears here with its next snapshot."}
    </EmptyState>
  );
}

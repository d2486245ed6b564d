"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { ChangedLines } from "@/components/runs/changed-lines";
import { isEnded } from "@/components/runs/run-status";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import type { RunView } from "@/server/domain/run-view";
import { PatchView } from "./patch-view";

/** What the run changed as a whole, from its base commit to its head. */
export function ChangesPanel({ run }: { run: RunView }) {
  const trpc = useTRPC();
  const hasBase = run.workspace.baseCommit !== null;
  const diff = useQuery(trpc.runs.diff.queryOptions({ id: run.id }, { enabled: hasBase }));
  if (!hasBase) {
    return (
      <EmptyState title="Nothing to compare yet.">
        The run has no base commit before its workspace is made.
      </EmptyState>
    );
  }
  if (diff.isError) return <ErrorState error={diff.error} onRetry={() => void diff.refetch()} />;
  if (!diff.data) return <Skeleton className="m-4 h-64" />;
  const { patch, files, additions, deletions, isCut } = diff.data;
  if (patch === "") {
    return (
      <EmptyState title={isEnded(run.status) ? "Nothing was changed." : "Nothing changed yet."}>
        {!isEnded(run.status) && "What the agent writes appears here with its next snapshot."}
      </EmptyState>
    );
  }
  return (
    <>
      <p className="flex h-9 shrink-0 items-center gap-3 border-b px-4 text-xs text-quiet">
        <span>
          {files} {files === 1 ? "file" : "files"}
        </span>
        <ChangedLines additions={additions} deletions={deletions} />
        <span className="font-mono text-faint">
          {run.workspace.baseCommit?.slice(0, 10)}..
          {run.workspace.headCommit?.slice(0, 10)}
        </span>
        {isCut && <span className="text-warn">Too large to show whole; it is cut at the end.</span>}
      </p>
      <PatchView patch={patch} />
    </>
  );
}

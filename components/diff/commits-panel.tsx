"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { RestoreBar } from "@/components/restore/restore-bar";
import { isEnded } from "@/components/runs/run-status";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton, SkeletonRows } from "@/components/ui/skeleton";
import type { CommitView, RunView } from "@/server/domain/run-view";
import { CommitItem } from "./commit-item";
import { PatchView } from "./patch-view";
import { readTrailers } from "./read-trailers";
import { Trailers } from "./trailers";

/** The run's commits, the newest first, and the patch of the chosen one. */
export function CommitsPanel({ run }: { run: RunView }) {
  const trpc = useTRPC();
  const commits = useQuery(trpc.runs.commits.queryOptions({ id: run.id, limit: 200 }));
  const [chosen, setChosen] = useState<string | null>(null);
  if (commits.isError) {
    return <ErrorState error={commits.error} onRetry={() => void commits.refetch()} />;
  }
  if (!commits.data) return <SkeletonRows rows={4} label="Loading the commits" />;
  const { items, nextCursor } = commits.data;
  const shown = items.find((commit) => commit.sha === chosen) ?? items[0];
  if (!shown) {
    return (
      <>
        {isEnded(run.status) && <RestoreBar run={run} chosen={null} />}
        <EmptyState title={isEnded(run.status) ? "The run has no commits." : "No commits yet."}>
          {isEnded(run.status)
            ? "The agent committed nothing and left nothing uncommitted."
            : "The agent's commits are listed when the run ends; what it leaves uncommitted becomes one."}
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <RestoreBar run={run} chosen={shown.sha} />
      <ul aria-label="Commits" className="max-h-[40%] shrink-0 overflow-y-auto border-b">
        {items.map((commit) => (
          <CommitItem
            key={commit.sha}
            commit={commit}
            isChosen={commit === shown}
            onChoose={() => setChosen(commit.sha)}
          />
        ))}
        {nextCursor && (
          <li className="px-4 py-2 text-xs text-faint">
            There are more than these {items.length}; the API lists all of them.
          </li>
        )}
      </ul>
      <CommitPatch run={run} commit={shown} />
    </>
  );
}

function CommitPatch({ run, commit }: { run: RunView; commit: CommitView }) {
  const trpc = useTRPC();
  const patch = useQuery(
    trpc.runs.commitPatch.queryOptions(
      { id: run.id, sha: commit.sha },
      { staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  const trailers = readTrailers(commit.message);
  if (patch.isError) return <ErrorState error={patch.error} onRetry={() => void patch.refetch()} />;
  if (!patch.data) return <Skeleton className="m-4 h-48" />;
  if (!patch.data.patch) {
    return (
      <>
        <Trailers trailers={trailers} />
        <EmptyState title="This commit's patch is not stored.">
          {commit.parents.length > 1
            ? "A merge has no patch of its own; see the run's changes as a whole."
            : "It changes no file, or is too large; see the run's changes as a whole."}
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <Trailers trailers={trailers} />
      {patch.data.isPatchCut && (
        <p className="border-b px-4 py-1 text-xs text-warn">
          Too large to show whole; it is cut at the end.
        </p>
      )}
      <PatchView key={commit.sha} patch={patch.data.patch} />
    </>
  );
}

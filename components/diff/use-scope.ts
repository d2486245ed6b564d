"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import type { RunView } from "@/server/domain/run-view";
import { type DiffScope, listScopes, wholeRun } from "./diff-scope";
import { useStored } from "./use-stored";

const nothingSeen: Record<string, string> = {};
const maxRuns = 50;

/** What may be compared in a run, what is, and the memory of the head that was seen last. */
export function useScope(run: RunView) {
  const trpc = useTRPC();
  const attempts = useQuery(trpc.runs.attempts.queryOptions({ id: run.id }));
  const commits = useQuery(trpc.runs.commits.queryOptions({ id: run.id, limit: 200 }));
  const [chosen, setChosen] = useState<DiffScope>(wholeRun);
  const [seen, changeSeen] = useStored("coppice.seen", nothingSeen);
  const [seenBefore] = useState(seen[run.id] ?? null);
  const { baseCommit, headCommit } = run.workspace;

  useEffect(() => {
    if (!headCommit) return;
    changeSeen(({ [run.id]: _, ...others }) => {
      const kept = Object.entries(others).slice(-(maxRuns - 1));
      return { ...Object.fromEntries(kept), [run.id]: headCommit };
    });
  }, [run.id, headCommit, changeSeen]);

  const scopes = listScopes({
    seen: seenBefore,
    head: headCommit,
    base: baseCommit,
    attempts: attempts.data?.items ?? [],
    commits: commits.data?.items ?? [],
  });
  return { scopes, scope: scopes.find(({ key }) => key === chosen.key) ?? wholeRun, setChosen };
}

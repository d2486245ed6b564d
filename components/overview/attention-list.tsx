"use client";
import Link from "next/link";
import { useState } from "react";
import { RunStatusLabel } from "@/components/runs/run-status";
import { useVocabulary } from "@/components/runs/vocabulary";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import type { RunSummary } from "@/server/domain/run-view";

const shownAtFirst = 6;

/** Runs that failed or ask something, each with its cause and the next step. */
export function AttentionList({ runs }: { runs: RunSummary[] }) {
  const { endReasons } = useVocabulary();
  const [isWhole, setIsWhole] = useState(false);
  const hidden = isWhole ? 0 : Math.max(0, runs.length - shownAtFirst);
  return (
    <ul>
      {runs.slice(0, runs.length - hidden).map((run) => {
        const facts = run.endReason && endReasons[run.endReason];
        return (
          <li
            key={run.id}
            className="relative grid gap-x-4 border-b px-4 py-2 hover:bg-hover md:grid-cols-[60px_112px_minmax(0,1fr)_minmax(0,1fr)_88px]"
          >
            <span className="font-mono text-xs leading-5 text-faint">#{run.number}</span>
            <RunStatusLabel status={run.status} className="self-start" />
            <div className="min-w-0">
              <Link href={`/runs/${run.id}`} title={run.title} className="row-link block truncate">
                {run.title}
              </Link>
              <p className="truncate text-xs text-faint">
                {run.workflow.name} · {run.repository.name}
              </p>
            </div>
            <div className="min-w-0">
              <p className="truncate" title={facts?.label}>
                {facts?.label ?? "The agent waits for an answer"}
              </p>
              <p className="truncate text-xs text-quiet" title={facts?.nextStep}>
                {facts?.nextStep ?? "Open the run and read its last entries."}
              </p>
            </div>
            <RelativeTime
              at={run.endedAt ?? run.statusSince}
              className="text-quiet md:text-right"
            />
          </li>
        );
      })}
      {hidden > 0 && (
        <li className="border-b px-4 py-1.5">
          <Button look="quiet" size="small" onClick={() => setIsWhole(true)}>
            {hidden} more
          </Button>
        </li>
      )}
    </ul>
  );
}

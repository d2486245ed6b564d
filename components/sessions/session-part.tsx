"use client";
import { ChevronRight } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { ActorName } from "@/components/runs/actor-name";
import { ChangedLines } from "@/components/runs/changed-lines";
import { RunReason } from "@/components/runs/run-reason";
import { RunStatusLabel } from "@/components/runs/run-status";
import { Duration } from "@/components/ui/duration";
import { formatCost } from "@/components/ui/format-number";
import { loadAgain } from "@/components/ui/load-again";
import { RelativeTime } from "@/components/ui/relative-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { RunSummary } from "@/server/domain/run-view";

const PartBody = dynamic(
  () => loadAgain(() => import("./part-body")).then((module) => module.PartBody),
  { ssr: false, loading: () => <SkeletonRows rows={3} label="Loading the run" /> },
);

/** One run as a part of its session's conversation; what was said is read when it is opened. */
export function SessionPart({ run, isOpenAtFirst }: { run: RunSummary; isOpenAtFirst: boolean }) {
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  return (
    <li className="relative">
      <details
        open={isOpen}
        onToggle={(event) => setIsOpen(event.currentTarget.open)}
        className="group/part border-b"
      >
        <summary className="flex list-none items-start gap-2 py-2 pr-16 pl-4 hover:bg-hover">
          <ChevronRight
            aria-hidden
            className="mt-[3px] size-3.5 shrink-0 text-faint group-open/part:rotate-90"
          />
          <span className="min-w-0 flex-1">
            {!isOpen && (
              <span className="block truncate font-medium">{run.title || "(no message)"}</span>
            )}
            <span className="flex flex-wrap items-center gap-x-3 text-xs text-quiet">
              <RunStatusLabel status={run.status} />
              <RunReason run={run} />
              <span className="text-faint">
                <RelativeTime at={run.startedAt ?? run.createdAt} /> by{" "}
                <ActorName actor={run.createdBy} />
              </span>
              <Duration from={run.startedAt} to={run.endedAt} />
              {run.commits !== null && (
                <span>
                  {run.commits} {run.commits === 1 ? "commit" : "commits"}
                </span>
              )}
              {run.additions !== null && (
                <ChangedLines additions={run.additions} deletions={run.deletions} />
              )}
              <span title="Cost">
                {run.usage.costUsd === null ? "cost unknown" : formatCost(run.usage.costUsd)}
              </span>
            </span>
          </span>
        </summary>
        {isOpen && <PartBody id={run.id} />}
      </details>
      <Link
        href={`/runs/${run.id}`}
        aria-label={`Open run #${run.number}`}
        className="absolute top-1.5 right-4 flex h-6 min-w-6 items-center px-1 font-mono text-xs text-faint underline hover:text-ink"
      >
        #{run.number}
      </Link>
    </li>
  );
}

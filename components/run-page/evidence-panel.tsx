"use client";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleHelp, TriangleAlert } from "lucide-react";
import { useTRPC } from "@/components/live/trpc";
import { ActorName } from "@/components/runs/actor-name";
import { useVocabulary } from "@/components/runs/vocabulary";
import { RelativeTime } from "@/components/ui/relative-time";
import type { EndReason } from "@/server/domain/end-reasons";
import type { Agreement, RunEvidence } from "@/server/domain/evidence";
import type { RunView } from "@/server/domain/run-view";
import { EvidenceFacts } from "./evidence-facts";

const dress = {
  agrees: { Icon: CircleCheck, look: "text-good", word: "Facts agree" },
  stale: { Icon: CircleHelp, look: "text-warn", word: "Not looked at lately" },
  disagrees: { Icon: TriangleAlert, look: "text-bad", word: "Facts disagree" },
} as const satisfies Record<Agreement, { Icon: typeof CircleCheck; look: string; word: string }>;

const refreshMs = 5_000;

/** What the run's status rests on: a sentence always, the facts with their times when opened. */
export function EvidencePanel({ run }: { run: RunView }) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.runs.evidence.queryOptions(
      { id: run.id },
      // Looks and beats are no events, so they wake nobody.
      { refetchInterval: run.endedAt ? false : refreshMs },
    ),
  );
  const evidence = query.data;
  if (!evidence) {
    return (
      <p
        className="min-h-8 border-b px-4 py-1.5 text-xs text-faint"
        data-skeleton={query.isError ? undefined : ""}
      >
        {query.isError ? "The facts behind the status cannot be read now." : "Reading the facts…"}
      </p>
    );
  }
  const { Icon, look, word } = dress[evidence.agreement];
  return (
    <details className="group border-b">
      <summary className="flex min-h-8 cursor-pointer list-none items-start gap-2 px-4 py-1.5 text-xs hover:bg-hover">
        <Icon aria-hidden className={`mt-0.5 size-3.5 shrink-0 ${look}`} />
        <span className="min-w-0">
          <span className={`font-medium ${look}`}>{word}</span>{" "}
          <span aria-live="polite" className="text-quiet">
            {evidence.sentence}
          </span>
        </span>
        <span className="ml-auto shrink-0 text-faint group-open:hidden">Facts</span>
        <span className="ml-auto hidden shrink-0 text-faint group-open:inline">Hide</span>
      </summary>
      <LastMove evidence={evidence} />
      <EvidenceFacts evidence={evidence} />
    </details>
  );
}

function LastMove({ evidence: { moved } }: { evidence: RunEvidence }) {
  const { endReasons } = useVocabulary();
  if (!moved) return null;
  const reason = moved.reason
    ? (endReasons[moved.reason as EndReason]?.label ?? moved.reason)
    : null;
  return (
    <p className="flex flex-wrap gap-x-1.5 px-4 pb-1 text-xs text-quiet">
      <ActorName actor={moved.actor} />
      <span>
        moved it {moved.from ? `from ${moved.from} ` : ""}to {moved.to}
      </span>
      <RelativeTime at={moved.at} />
      {reason && <span>· {reason}</span>}
      {moved.text && <span>· {moved.text}</span>}
    </p>
  );
}

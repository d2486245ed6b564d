"use client";
import { clsx } from "clsx";
import type { RunSummary } from "@/server/domain/run-view";
import { VerdictLabel } from "./verdict-label";
import { useVocabulary } from "./vocabulary";

type Reasoned = Pick<RunSummary, "status" | "endReason" | "waitReason" | "verdict">;

/** Why a run is where it is, in a few words: its verdict, its end reason, or what it waits for. */
export function RunReason({ run, className }: { run: Reasoned; className?: string }) {
  const { endReasons, waitReasons } = useVocabulary();
  if (run.verdict) return <VerdictLabel verdict={run.verdict} className={className} />;
  const text =
    run.status === "failed" && run.endReason
      ? endReasons[run.endReason].label
      : run.status === "queued" && run.waitReason
        ? waitReasons[run.waitReason]
        : null;
  if (!text) return null;
  return (
    <span title={text} className={clsx("text-quiet", className)}>
      {text}
    </span>
  );
}

"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { useRunWakes } from "@/components/live/live-provider";
import { useTRPCClient } from "@/components/live/trpc";
import type { RunView, TranscriptEntryView } from "@/server/domain/run-view";
import type { TranscriptEntry } from "@/server/domain/transcript";

export type ToolResult = Extract<TranscriptEntry, { kind: "tool_result" }>;

const firstRead = 300;
const readBackBy = 500;

/**
 * The end of a run's transcript, which grows as the run goes on: a wake reads what follows the last
 * entry. Earlier entries are read when asked for.
 */
export function useTranscript(run: Pick<RunView, "id" | "transcriptEntries">) {
  const client = useTRPCClient();
  const { id } = run;
  const [entries, setEntries] = useState<TranscriptEntryView[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isReadingBack, setIsReadingBack] = useState(false);
  const last = useRef(Math.max(0, run.transcriptEntries - firstRead));
  const isReading = useRef(false);
  const isWoken = useRef(false);

  const readOn = useCallback(async () => {
    isWoken.current = true;
    if (isReading.current) return;
    isReading.current = true;
    try {
      while (isWoken.current) {
        isWoken.current = false;
        const page = await client.runs.transcript.query({ id, after: last.current, limit: 500 });
        const newest = page.items.at(-1);
        if (newest) last.current = newest.seq;
        isWoken.current ||= newest !== undefined && newest.seq < page.total;
        setEntries((known) => (known && !newest ? known : [...(known ?? []), ...page.items]));
      }
      setError(null);
    } catch (failure) {
      setError(failure);
    } finally {
      isReading.current = false;
    }
  }, [client, id]);

  // The count also comes with the run itself, so that a lost wake is made good.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new count means new entries
  useEffect(() => {
    void readOn();
  }, [readOn, run.transcriptEntries]);
  useRunWakes(id, readOn);

  const first = findEdge(entries?.[0]) ?? 1;
  /** Reads `readBackBy` earlier entries, or all back to the entry `to`. */
  const readBack = useCallback(
    async (to?: number) => {
      setIsReadingBack(true);
      try {
        const goal = Math.max(1, to ?? first - readBackBy);
        const earlier: TranscriptEntryView[] = [];
        for (let end = first; end > goal; ) {
          const after = Math.max(goal, end - readBackBy) - 1;
          const page = await client.runs.transcript.query({ id, after, limit: end - 1 - after });
          earlier.unshift(...page.items);
          end = Math.min(after + 1, findEdge(page.items[0]) ?? after + 1);
        }
        setEntries((known) => [...earlier, ...(known ?? [])]);
      } catch (failure) {
        setError(failure);
      } finally {
        setIsReadingBack(false);
      }
    },
    [client, id, first],
  );

  return { entries, first, earlier: first - 1, error, retry: readOn, isReadingBack, readBack };
}

/** Where what is shown begins: a marker also stands for all that was removed in its place. */
function findEdge(first: TranscriptEntryView | undefined): number | undefined {
  return first?.entry.kind === "trimmed" ? first.entry.firstSeq : first?.seq;
}

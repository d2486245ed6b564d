"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC, useTRPCClient } from "@/components/live/trpc";
import { ErrorState } from "@/components/ui/error-state";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { RunEventView, RunView } from "@/server/domain/run-view";
import { AttemptTable } from "./attempt-table";
import { TimelineEntry } from "./timeline-entry";

/** What happened to the run, who did it and why, and the attempts that carried it out. */
export function TimelinePanel({ run }: { run: RunView }) {
  const trpc = useTRPC();
  const events = useAllEvents(run.id);
  const attempts = useQuery(trpc.runs.attempts.queryOptions({ id: run.id }));
  return (
    <ScrollRegion label="Timeline" className="min-h-0 flex-1 overflow-y-auto">
      {events.error ? (
        <ErrorState error={events.error} onRetry={events.retry} />
      ) : events.items ? (
        <ol className="py-1">
          {events.items.map((event, index) => (
            <TimelineEntry
              key={event.seq}
              event={event}
              next={nextChange(events.items ?? [], index)}
              isRunEnded={run.endedAt !== null}
            />
          ))}
        </ol>
      ) : (
        <SkeletonRows rows={6} label="Loading the timeline" />
      )}
      <Section title="Attempts" aside={attempts.data?.items.length}>
        {attempts.isError ? (
          <ErrorState error={attempts.error} onRetry={() => void attempts.refetch()} />
        ) : attempts.data?.items.length === 0 ? (
          <p className="px-4 py-3 text-quiet">No worker has begun with this run yet.</p>
        ) : (
          <AttemptTable attempts={attempts.data?.items ?? []} />
        )}
      </Section>
    </ScrollRegion>
  );
}

function nextChange(events: RunEventView[], index: number): RunEventView | null {
  if (events[index]?.kind !== "status_changed") return null;
  return events.slice(index + 1).find((event) => event.kind === "status_changed") ?? null;
}

/** The run's events. A wake's invalidation reads on after the last one that is known. */
function useAllEvents(id: string) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const queryKey = trpc.runs.events.queryKey({ id });
  const query = useQuery({
    queryKey,
    queryFn: () => readOn(client, id, queryClient.getQueryData(queryKey)?.items ?? []),
  });
  const items = query.data?.items ?? null;
  return { items, error: items ? null : query.error, retry: () => void query.refetch() };
}

async function readOn(
  client: ReturnType<typeof useTRPCClient>,
  id: string,
  known: RunEventView[],
): Promise<{ items: RunEventView[]; nextCursor: null }> {
  const items = [...known];
  for (;;) {
    const page = await client.runs.events.query({ id, after: items.at(-1)?.seq ?? 0, limit: 200 });
    items.push(...page.items);
    if (page.items.length === 0 || page.nextCursor === null) return { items, nextCursor: null };
  }
}

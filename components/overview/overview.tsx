"use client";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useWaiting } from "@/components/conversation/use-waiting";
import { useTRPC } from "@/components/live/trpc";
import { RunTable } from "@/components/runs/run-table";
import { ButtonLink } from "@/components/ui/button-link";
import { ErrorState } from "@/components/ui/error-state";
import { loadAgain } from "@/components/ui/load-again";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton";
import { WorkerList } from "@/components/workers/worker-list";
import { AttentionList } from "./attention-list";
import { CountStrip } from "./count-strip";
import { FirstSteps } from "./first-steps";
import { WorkerWarning } from "./worker-warning";

const WaitingList = dynamic(() =>
  loadAgain(() => import("@/components/conversation/waiting-list")).then(
    (module) => module.WaitingList,
  ),
);

/** What needs a person comes first, then what runs now, then what ran, then who carries it out. */
export function Overview() {
  const trpc = useTRPC();
  const overview = useQuery(trpc.overview.get.queryOptions());
  const { all: questions } = useWaiting();
  const data = overview.data;
  if (!data) {
    return (
      <>
        <PageHeader title="Overview" />
        {overview.isError ? (
          <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />
        ) : (
          <SkeletonRows rows={16} label="Loading the overview" />
        )}
      </>
    );
  }
  const counts = data.counts.byStatus;
  // A question stands above with its answers; its run is not named once more.
  const asking = new Set(questions.map(({ runId }) => runId));
  const needsAttention = data.needsAttention.filter(({ id }) => !asking.has(id));
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <PageHeader title="Overview">
        <CountStrip counts={counts} />
      </PageHeader>
      <WorkerWarning workers={data.workers} />
      {total === 0 && <FirstSteps />}
      {questions.length > 0 && <WaitingList />}
      {needsAttention.length > 0 && (
        <Section title="Needs attention" aside={needsAttention.length}>
          <AttentionList runs={needsAttention} />
        </Section>
      )}
      <Section title="Live" aside={data.live.length}>
        {data.live.length > 0 ? (
          <RunTable label="Live runs" runs={data.live} />
        ) : (
          <p className="flex h-12 items-center gap-3 border-b px-4 text-quiet">
            Nothing runs now.
            <ButtonLink href="/runs/new" size="small">
              New run
            </ButtonLink>
          </p>
        )}
      </Section>
      {data.recent.length > 0 && (
        <Section
          title="Recent"
          aside={
            <a className="hover:text-ink" href="/runs">
              All runs
            </a>
          }
        >
          <RunTable label="Recent runs" runs={data.recent} />
        </Section>
      )}
      <Section title="Workers" aside={data.workers.length}>
        <WorkerList workers={data.workers} />
      </Section>
    </>
  );
}

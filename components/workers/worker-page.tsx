"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/live/trpc";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { LostLimit } from "./lost-limit";
import { RecoveryReports } from "./recovery-reports";
import { WorkerList } from "./worker-list";

export function WorkerPage() {
  const trpc = useTRPC();
  const workers = useQuery(
    // A beat is no event, so it wakes nobody.
    trpc.workers.list.queryOptions(undefined, { refetchInterval: 10_000 }),
  );
  return (
    <>
      <PageHeader title="Workers" />
      {workers.data ? (
        <>
          <WorkerList workers={workers.data.items} />
          <LostLimit />
          <RecoveryReports />
        </>
      ) : workers.isError ? (
        <ErrorState error={workers.error} onRetry={() => void workers.refetch()} />
      ) : (
        <SkeletonRows rows={4} label="Loading the workers" />
      )}
    </>
  );
}

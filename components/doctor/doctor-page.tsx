"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "@/components/live/trpc";
import { useMember } from "@/components/shell/member";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { ReportedDifference } from "@/server/domain/difference";
import { DifferenceList } from "./difference-list";
import { FixDialog } from "./fix-dialog";
import { HostList } from "./host-list";

export interface ChosenFix {
  difference: ReportedDifference;
  fix: ReportedDifference["fixes"][number];
}

/** Where database, disks, git, processes and queue disagree, and what can be done about it. */
export function DoctorPage() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { mayOperate } = useMember();
  const [chosen, setChosen] = useState<ChosenFix | null>(null);
  const { queryKey } = trpc.doctor.report.queryOptions();
  const report = useQuery(trpc.doctor.report.queryOptions(undefined, { refetchInterval: 30_000 }));
  const check = useMutation(
    trpc.doctor.check.mutationOptions({
      onSuccess: (fresh) => queryClient.setQueryData(queryKey, fresh),
    }),
  );
  const { data } = report;
  return (
    <>
      <PageHeader title="Doctor">
        {data && (
          <span className="text-xs text-faint">
            {data.checkedAt ? (
              <>
                checked <RelativeTime at={data.checkedAt} />
              </>
            ) : (
              "no host checked yet"
            )}
          </span>
        )}
        {mayOperate && (
          <Button disabled={check.isPending} onClick={() => check.mutate()}>
            {check.isPending ? "Looking…" : "Check now"}
          </Button>
        )}
      </PageHeader>
      {check.isError && (
        <div className="border-b p-4">
          <ErrorNote error={check.error} />
        </div>
      )}
      {!data && report.isError && (
        <ErrorState error={report.error} onRetry={() => void report.refetch()} />
      )}
      {!data && !report.isError && <SkeletonRows rows={6} label="Loading the report" />}
      {data && (
        <>
          <DifferenceList report={data} onFix={setChosen} />
          <HostList report={data} />
        </>
      )}
      {chosen && <FixDialog {...chosen} onClose={() => setChosen(null)} />}
    </>
  );
}

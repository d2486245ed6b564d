"use client";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useTRPC } from "@/components/live/trpc";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { UsageReport } from "@/server/domain/usage-report";
import { UsageChart } from "./usage-chart";
import { UsageControls } from "./usage-controls";
import { readUsageFilters, type UsageFilters, writeUsageFilters } from "./usage-filters";
import { UsageTable } from "./usage-table";
import { UsageTotals } from "./usage-totals";

/** What agents used: in all, by day, and by whatever is asked for. */
export function UsagePage({ now }: { now: Date }) {
  const trpc = useTRPC();
  const search = useSearchParams();
  const filters = readUsageFilters(new URLSearchParams(search.toString()), now);
  const { data, isError, error, refetch } = useQuery(
    trpc.usage.read.queryOptions(filters, { placeholderData: (before) => before }),
  );
  const change = (wish: Partial<UsageFilters>) =>
    window.history.replaceState(null, "", writeUsageFilters({ ...filters, ...wish }));
  return (
    <>
      <PageHeader title="Usage">
        <UsageControls filters={filters} now={now} onChange={change} />
      </PageHeader>
      {!data && isError && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !isError && <SkeletonRows rows={10} label="Loading the usage" />}
      {data && <Report report={data} onRange={change} />}
    </>
  );
}

function Report({
  report,
  onRange,
}: {
  report: UsageReport;
  onRange: (range: Pick<UsageFilters, "since" | "until">) => void;
}) {
  if (report.total.attempts === 0) {
    return (
      <EmptyState title={`No agent used anything from ${report.since} to ${report.until}.`}>
        Tokens and money are counted when an attempt ends, as its agent tells them. Shell commands
        use none.
      </EmptyState>
    );
  }
  return (
    <>
      <UsageTotals total={report.total} />
      <Section title="By day (UTC)" aside="Drag over days to look closer">
        <UsageChart report={report} onRange={onRange} />
      </Section>
      <Section title={`By ${report.by}`} aside={report.isCut ? "the 200 largest" : null}>
        <UsageTable by={report.by} groups={report.groups} />
      </Section>
    </>
  );
}

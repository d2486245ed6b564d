"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { pagesOf } from "@/components/live/pages-of";
import { useTRPC, useTRPCClient } from "@/components/live/trpc";
import { Copyable } from "@/components/ui/copyable";
import { ErrorState } from "@/components/ui/error-state";
import { LoadMore } from "@/components/ui/load-more";
import { RelativeTime } from "@/components/ui/relative-time";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { RecoveryOutcome, RecoveryReportView } from "@/server/domain/recovery";

const words = {
  adopted: { word: "adopted", look: "text-good" },
  finished: { word: "finished", look: "text-good" },
  queued_again: { word: "queued again", look: "text-warn" },
  given_up: { word: "given up", look: "text-bad" },
  superseded: { word: "superseded", look: "text-warn" },
  pending: { word: "being found out", look: "text-faint" },
} as const satisfies Record<RecoveryOutcome, { word: string; look: string }>;

const befores = {
  none: "the first of its name",
  stopped: "after a planned stop",
  vanished: "after it had vanished",
} as const;

/** What each worker found when it started, newest first. */
export function RecoveryReports() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const query = useInfiniteQuery({
    ...pagesOf(trpc.workers.recoveryReports.infiniteQueryKey({}), (cursor) =>
      client.workers.recoveryReports.query({ limit: 10, cursor }),
    ),
    refetchInterval: 10_000,
  });
  const reports = query.data?.pages.flatMap(({ items }) => items);
  return (
    <Section title="Recovery reports">
      {!reports && query.isError && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {!reports && !query.isError && <SkeletonRows rows={2} label="Loading the reports" />}
      {reports?.length === 0 && (
        <p className="px-4 py-3 text-quiet">No worker has started since these are written.</p>
      )}
      <ul>
        {reports?.map((report) => (
          <Report key={report.id} report={report} />
        ))}
      </ul>
      <LoadMore list={query} />
    </Section>
  );
}

function Report({ report }: { report: RecoveryReportView }) {
  const { entries } = report;
  return (
    <li className="border-b px-4 py-2 text-xs">
      <p className="flex flex-wrap gap-x-2 text-quiet">
        <span className="font-medium text-ink">{report.worker}</span>
        <span>
          started <RelativeTime at={report.startedAt} />, {befores[report.before]}
        </span>
        {report.before === "vanished" && report.lastBeatAt && (
          <span>
            (last beat <RelativeTime at={report.lastBeatAt} />)
          </span>
        )}
        {report.isHostRestarted && <span>The host itself was restarted.</span>}
        {report.waiting > 0 && <span>{report.waiting} runs had waited for it.</span>}
      </p>
      {entries.length === 0 ? (
        <p className="text-faint">It held no run, so there was nothing to recover.</p>
      ) : (
        <ul className="mt-1 flex flex-col gap-0.5">
          {entries.map((entry) => (
            <li key={`${entry.runId}-${entry.attempt}`} className="flex flex-wrap gap-x-2">
              <Link href={`/runs/${entry.runId}`} className="font-mono hover:underline">
                #{entry.number}
              </Link>
              <span className={words[entry.outcome].look}>{words[entry.outcome].word}</span>
              <span className="min-w-0 text-quiet">{entry.sentence}</span>
              {entry.workKept && <Copyable text={entry.workKept} what="where its work is kept" />}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

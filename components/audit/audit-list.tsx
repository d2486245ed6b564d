"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { pagesOf } from "@/components/live/pages-of";
import { useTRPC, useTRPCClient } from "@/components/live/trpc";
import { ActorName } from "@/components/runs/actor-name";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { LoadMore } from "@/components/ui/load-more";
import { RelativeTime } from "@/components/ui/relative-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Cell, Row, Table } from "@/components/ui/table";

const columns = [
  { name: "When", width: "112px" },
  { name: "Who", width: "160px" },
  { name: "What", width: "200px" },
  { name: "To what", width: "260px" },
  { name: "Facts" },
];

/** Who did what, newest first. */
export function AuditList() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const list = useInfiniteQuery(
    pagesOf(trpc.audit.list.infiniteQueryKey({}), (cursor) => client.audit.list.query({ cursor })),
  );
  const items = list.data?.pages.flatMap((page) => page.items);
  if (!items) {
    return list.isError ? (
      <ErrorState error={list.error} onRetry={() => void list.refetch()} />
    ) : (
      <SkeletonRows rows={12} label="Loading the audit log" />
    );
  }
  if (items.length === 0) return <EmptyState title="Nobody has done anything yet." />;
  return (
    <>
      <Table label="Audit log" columns={columns}>
        {items.map((entry) => (
          <Row key={entry.id}>
            <Cell className="text-quiet">
              <RelativeTime at={entry.at} />
            </Cell>
            <Cell>
              <ActorName actor={entry.actor} />
            </Cell>
            <Cell>{entry.action}</Cell>
            <Cell className="font-mono text-xs text-quiet" title={entry.target}>
              {entry.target}
            </Cell>
            <Cell
              className="font-mono text-xs text-faint max-md:w-full"
              title={JSON.stringify(entry.facts, null, 2)}
            >
              {listFacts(entry.facts)}
            </Cell>
          </Row>
        ))}
      </Table>
      <LoadMore list={list} />
    </>
  );
}

function listFacts(facts: Record<string, unknown>): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
}

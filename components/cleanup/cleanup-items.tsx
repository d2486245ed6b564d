"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { pagesOf } from "@/components/live/pages-of";
import { useTRPC, useTRPCClient } from "@/components/live/trpc";
import { Badge, type Tone } from "@/components/ui/badge";
import { ErrorState } from "@/components/ui/error-state";
import { formatBytes } from "@/components/ui/format-number";
import { LoadMore } from "@/components/ui/load-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Cell, Row, Table } from "@/components/ui/table";
import type { CleanupItemStatus, CleanupItemView, CleanupView } from "@/server/domain/cleanup";

const columns = [
  { name: "State", width: "104px" },
  { name: "What", width: "152px" },
  { name: "Repository", width: "168px" },
  { name: "Size", width: "96px", isNumeric: true },
  { name: "Why" },
];

/** What a cleanup found due: the size and the reason of each, and what became of it. */
export function CleanupItems({ cleanup }: { cleanup: CleanupView }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const input = { id: cleanup.id, limit: 100 };
  const pages = pagesOf<CleanupItemView>(trpc.cleanup.items.infiniteQueryKey(input), (cursor) =>
    client.cleanup.items.query({ ...input, cursor }),
  );
  const isRunning = cleanup.status === "running";
  const list = useInfiniteQuery({ ...pages, refetchInterval: isRunning ? 2_000 : false });
  const items = list.data?.pages.flatMap((page) => page.items);
  if (!items) {
    return list.isError ? (
      <ErrorState error={list.error} onRetry={() => void list.refetch()} />
    ) : (
      <SkeletonRows rows={4} label="Loading the list" />
    );
  }
  if (items.length === 0) {
    return cleanup.planned + cleanup.blocked > 0 ? (
      <p className="border-b px-4 py-3 text-quiet">
        The list of this dry run is gone: after a week only its counts are kept.
      </p>
    ) : null;
  }
  return (
    <>
      <Table label="What the cleanup found" columns={columns}>
        {items.map((item) => (
          <ItemRow key={item.id} item={item} />
        ))}
      </Table>
      <LoadMore list={list} />
    </>
  );
}

const words = {
  planned: ["due", "idle"],
  blocked: ["blocked", "warn"],
  removing: ["under way", "live"],
  removed: ["removed", "good"],
  kept: ["kept", "warn"],
  failed: ["failed", "bad"],
  skipped: ["not begun", "idle"],
} as const satisfies Record<CleanupItemStatus, [string, Tone]>;

const kinds = { workspace: "Workspace", output: "Output", spool: "Control folder" } as const;

function ItemRow({ item }: { item: CleanupItemView }) {
  const [word, tone] = words[item.status];
  const why = [item.why, ...item.loses.map((loss) => `Would lose ${loss}.`)].filter(Boolean);
  return (
    <Row className="md:h-11">
      <Cell>
        <Badge tone={tone}>{word}</Badge>
      </Cell>
      <Cell>
        {kinds[item.kind]}
        {item.run && (
          <Link
            href={`/runs/${item.run.id}`}
            className="ml-1.5 font-mono text-xs text-faint hover:underline"
          >
            #{item.run.number}
          </Link>
        )}
      </Cell>
      <Cell className="text-quiet">
        {item.repository}
        {item.worker && <span className="block truncate text-xs text-faint">{item.worker}</span>}
      </Cell>
      <Cell isNumeric className="text-quiet">
        {describeSize(item)}
      </Cell>
      <Cell className="whitespace-normal! max-md:w-full">
        {why.length > 0 && <span className="block text-warn">{why.join(" ")}</span>}
        <span className="block text-xs text-quiet">{item.reason}</span>
        {item.path && (
          <span className="block font-mono text-xs break-all text-faint">{item.path}</span>
        )}
      </Cell>
    </Row>
  );
}

function describeSize({ bytes, freedBytes }: CleanupItemView): string {
  const known = freedBytes ?? bytes;
  return known === null ? "not measured" : formatBytes(known);
}

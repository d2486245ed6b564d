"use client";
import { useQuery } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { useTRPC } from "@/components/live/trpc";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { formatBytes } from "@/components/ui/format-number";
import { RelativeTime } from "@/components/ui/relative-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { DiskView } from "@/server/domain/cleanup-views";
import { describeForecast, describeShortage } from "./disk-words";

/** Each host's disk: what is free, when it will be full, and whether the host still takes runs. */
export function DiskList() {
  const trpc = useTRPC();
  const disks = useQuery(trpc.cleanup.disks.queryOptions(undefined, { refetchInterval: 10_000 }));
  if (!disks.data) {
    return disks.isError ? (
      <ErrorState error={disks.error} onRetry={() => void disks.refetch()} />
    ) : (
      <SkeletonRows rows={1} label="Loading the disks" />
    );
  }
  if (disks.data.items.length === 0) {
    return <EmptyState title="No worker has looked at its disk yet." />;
  }
  return (
    <ul>
      {disks.data.items.map((disk) => (
        <DiskEntry key={disk.worker} disk={disk} />
      ))}
    </ul>
  );
}

function DiskEntry({ disk }: { disk: DiskView }) {
  const { worker, home, totalBytes, freeBytes, workspaces, shortage } = disk;
  const used = totalBytes - freeBytes;
  return (
    <li className="grid gap-x-6 gap-y-1 border-b px-4 py-3 md:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{worker}</span>
          {shortage && (
            <Badge tone="bad">
              <CircleAlert aria-hidden />
              takes no new runs
            </Badge>
          )}
          {!disk.isAlive && <Badge tone="warn">away</Badge>}
        </p>
        <p className="truncate font-mono text-xs text-faint" title={home}>
          {home}
        </p>
      </div>
      <div className="min-w-0">
        <meter
          aria-label={`Disk of ${worker}`}
          className="h-2 w-full"
          min={0}
          max={totalBytes}
          high={totalBytes * 0.9}
          optimum={0}
          value={used}
        />
        <p>
          {formatBytes(freeBytes)} of {formatBytes(totalBytes)} free
          <span className="text-quiet"> · {describeForecast(disk)}</span>
        </p>
        <p className="text-xs text-faint">
          {workspaces.count} workspaces, {formatBytes(workspaces.bytes)} · looked{" "}
          <RelativeTime at={disk.at} />
        </p>
        {shortage && <p className="text-xs text-bad">{describeShortage(shortage)}</p>}
      </div>
    </li>
  );
}

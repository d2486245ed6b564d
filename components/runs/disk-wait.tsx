"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { describeShortage } from "@/components/cleanup/disk-words";
import { useTRPC } from "@/components/live/trpc";

/** The figures behind “waiting for disk space”: of each host that is short of it. */
export function DiskWait() {
  const trpc = useTRPC();
  const disks = useQuery(trpc.cleanup.disks.queryOptions(undefined, { refetchInterval: 10_000 }));
  const short = disks.data?.items.filter(({ shortage, isAlive }) => shortage && isAlive) ?? [];
  return short.map(({ worker, shortage }) => (
    <Link key={worker} href="/cleanup" className="text-warn hover:underline">
      {worker}: {shortage && describeShortage(shortage)}
    </Link>
  ));
}

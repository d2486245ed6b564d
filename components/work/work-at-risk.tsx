"use client";
import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { ShieldAlert } from "lucide-react";
import Link from "next/link";
import { useTRPC } from "@/components/live/trpc";
import { formatCount } from "@/components/ui/format-number";
import type { WorkSummary } from "@/server/domain/work";

const againMs = 60_000;

/** How much work exists in one place only, on every page. Its width is kept while it is counted. */
export function WorkAtRisk() {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.work.summary.queryOptions(undefined, { refetchInterval: againMs, staleTime: againMs / 2 }),
  );
  const title = data ? describeRisk(data) : "Counting the work at risk.";
  return (
    <Link
      href="/work?risk=1"
      prefetch={false}
      title={title}
      aria-label={title}
      className={clsx(
        "flex h-8 min-w-14 shrink-0 items-center justify-end gap-1 rounded-md px-1.5 text-xs hover:bg-hover",
        data?.missing ? "text-bad" : data?.atRisk ? "text-warn" : "text-faint",
      )}
    >
      <ShieldAlert aria-hidden className="size-4" />
      <span aria-hidden className="min-w-5 text-right">
        {data ? `${formatCount(data.atRisk)}${data.isCut ? "+" : ""}` : "–"}
      </span>
    </Link>
  );
}

function describeRisk({
  atRisk,
  onlyHere,
  inKeepRef,
  inWorkspace,
  missing,
  isCut,
}: WorkSummary): string {
  if (atRisk === 0) return "No work is at risk: all is in its origin, or was let go.";
  const parts = [
    missing > 0 ? `${missing} missing` : null,
    onlyHere > 0 ? `${onlyHere} only on a branch here` : null,
    inKeepRef > 0 ? `${inKeepRef} only in a keep ref` : null,
    inWorkspace > 0 ? `${inWorkspace} only in a workspace` : null,
  ].filter((part) => part !== null);
  const count = isCut ? `More than ${atRisk}` : String(atRisk);
  return `Work at risk: ${count}. It is not in its origin: ${parts.join(", ")}.`;
}

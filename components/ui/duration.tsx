"use client";
import { useNow } from "./clock";
import { formatDuration } from "./format-time";

/** How long it took, or has taken so far: without an end it ticks, and only it renders anew. */
export function Duration({ from, to }: { from: Date | null; to: Date | null }) {
  if (!from) return <span className="text-faint">–</span>;
  if (to) return <span>{formatDuration(to.getTime() - from.getTime())}</span>;
  return <TickingDuration from={from} />;
}

function TickingDuration({ from }: { from: Date }) {
  const now = useNow();
  return <span>{formatDuration(now - from.getTime())}</span>;
}

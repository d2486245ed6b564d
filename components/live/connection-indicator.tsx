"use client";
import { clsx } from "clsx";
import type { Connection } from "./live";
import { useConnection } from "./live-provider";

const dress = {
  connecting: { word: "Connecting", why: "Opening the stream of live updates.", look: "bg-faint" },
  live: { word: "Live", why: "What happens shows at once.", look: "bg-good" },
  reconnecting: {
    word: "Reconnecting",
    why: "Coppice cannot be reached; what you see may be old. Trying again.",
    look: "bg-warn breathes",
  },
} satisfies Record<Connection, { word: string; why: string; look: string }>;

/** Whether this page is told at once what happens. */
export function ConnectionIndicator() {
  const { word, why, look } = dress[useConnection()];
  return (
    <span
      role="status"
      title={why}
      className="flex shrink-0 items-center gap-1.5 text-xs text-quiet md:w-28 md:justify-end md:pr-2"
    >
      <span aria-hidden className={clsx("size-2 rounded-full", look)} />
      <span className="max-md:sr-only">{word}</span>
    </span>
  );
}

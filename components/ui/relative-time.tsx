"use client";
import { useNow } from "./clock";
import { formatAgo } from "./format-time";

/** How long ago, with the exact local time on hover. */
export function RelativeTime({ at, className }: { at: Date | null; className?: string }) {
  const now = useNow();
  if (!at) return <span className="text-faint">–</span>;
  return (
    <time
      dateTime={at.toISOString()}
      title={at.toISOString()}
      // The server does not know the reader's time zone; the title is set when it is asked for.
      onPointerEnter={(event) => {
        event.currentTarget.title = at.toLocaleString(undefined, {
          dateStyle: "medium",
          timeStyle: "long",
        });
      }}
      className={className}
    >
      {formatAgo(at, now)}
    </time>
  );
}

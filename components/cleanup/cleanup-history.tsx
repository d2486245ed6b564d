import { clsx } from "clsx";
import { RelativeTime } from "@/components/ui/relative-time";
import type { CleanupView } from "@/server/domain/cleanup";
import { describeCleanup } from "./cleanup-summary";

/** Cleanups and dry runs, newest first; choosing one shows its list. */
export function CleanupHistory({
  items,
  shown,
  onChoose,
}: {
  items: CleanupView[];
  shown: string;
  onChoose: (id: string) => void;
}) {
  return (
    <ul>
      {items.map((cleanup) => (
        <li key={cleanup.id} className="border-b">
          <button
            type="button"
            aria-pressed={cleanup.id === shown}
            onClick={() => {
              onChoose(cleanup.id);
              window.scrollTo({ top: 0 });
            }}
            className={clsx(
              "flex min-h-9 w-full flex-wrap items-center gap-x-3 px-4 py-1.5 text-left -outline-offset-2 hover:bg-hover",
              cleanup.id === shown && "bg-hover font-medium",
            )}
          >
            <RelativeTime at={cleanup.startedAt} className="w-24 text-quiet" />
            <span className="min-w-0 flex-1">{describeCleanup(cleanup)}</span>
            <span className="text-xs text-faint">
              {cleanup.isScheduled ? "daily" : cleanup.startedBy.replace(/^\w+:/, "")}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

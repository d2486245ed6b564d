import { clsx } from "clsx";
import Link from "next/link";
import { statusDress, statusesInOrder } from "@/components/runs/run-status";
import { tones } from "@/components/ui/badge";
import type { RunStatus } from "@/server/domain/run-status";

/** How many runs stand at each status; each number leads to them. */
export function CountStrip({ counts }: { counts: Record<RunStatus, number> }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1">
      {statusesInOrder.map((status) => {
        const { word, Icon, tone } = statusDress[status];
        return (
          <li key={status}>
            <Link
              href={`/runs?status=${status}`}
              className={clsx(
                "flex min-h-6 items-center gap-1.5 text-xs hover:text-ink",
                counts[status] > 0 ? "text-quiet" : "text-faint",
              )}
            >
              <Icon aria-hidden className={clsx("size-3.5", counts[status] > 0 && tones[tone])} />
              <span className="font-medium">{counts[status]}</span>
              {word.toLowerCase()}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

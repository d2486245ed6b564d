import type { Wake } from "@/server/domain/run-view";

type EventWake = Extract<Wake, { kind: "event" }>;

/** The events of which this tab was told, as far back as it is worth to look. */
export interface RecentWakes {
  add(wakes: Wake[]): void;
  /** Those after event `position`, oldest first; null when that is too long ago to know. */
  after(position: number): EventWake[] | null;
}

const keptMost = 2000;

/** @param start the event before the first that this tab is told of. */
export function createRecentWakes(start: number): RecentWakes {
  let kept: EventWake[] = [];
  let reachesTo = start;
  return {
    add(wakes) {
      kept.push(...wakes.filter((wake) => wake.kind === "event"));
      if (kept.length <= 2 * keptMost) return;
      const dropped = kept.length - keptMost;
      reachesTo = kept[dropped - 1]?.id ?? reachesTo;
      kept = kept.slice(dropped);
    },
    after: (position) => (position < reachesTo ? null : kept.filter((wake) => wake.id > position)),
  };
}

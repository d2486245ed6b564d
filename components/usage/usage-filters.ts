import {
  addDays,
  dayOf,
  dayPattern,
  type UsageGroup,
  usageGroupSchema,
} from "@/server/domain/usage-report";

/** What the page of usage shows, as it stands in its address. */
export interface UsageFilters {
  by: UsageGroup;
  since: string;
  until: string;
}

const usualDays = 30;

/** Reads `?by=model&since=2026-01-01&until=2026-01-31`; without days, the last thirty. */
export function readUsageFilters(search: URLSearchParams, now: Date): UsageFilters {
  const by = usageGroupSchema.safeParse(search.get("by")).data ?? "workflow";
  const day = (name: string, usual: string) => {
    const given = search.get(name) ?? "";
    return dayPattern.test(given) && !Number.isNaN(Date.parse(given)) ? given : usual;
  };
  const until = day("until", dayOf(now));
  const since = day("since", addDays(until, 1 - usualDays));
  return since <= until ? { by, since, until } : { by, since: until, until: since };
}

export function writeUsageFilters({ by, since, until }: UsageFilters): string {
  return `/usage?${new URLSearchParams({ by, since, until })}`;
}

/** The last so many days, today counted in. */
export function lastDays(days: number, now: Date): Pick<UsageFilters, "since" | "until"> {
  const until = dayOf(now);
  return { since: addDays(until, 1 - days), until };
}

/** The runs that a group stands for, where the list of runs can show just those. */
export function linkOfGroup(by: UsageGroup, key: string | null): string | null {
  if (key === null) return null;
  const filter = { workflow: "workflow", repository: "repository", person: "createdBy" } as const;
  if (by === "session") return `/sessions/${key}`;
  if (by === "workflow" || by === "repository" || by === "person") {
    return `/runs?${new URLSearchParams({ [filter[by]]: key })}`;
  }
  return null;
}

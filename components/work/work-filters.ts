import type { WorkWhereabouts } from "@/server/domain/work";
import { whereaboutsInOrder } from "./whereabouts-badge";

type WorkOrigin = "agent" | "snapshot" | "merge" | "leftover";

/** The filters of the work list as they stand in the address; server and browser read them alike. */
export interface WorkFilters {
  atRisk: boolean;
  whereabouts: WorkWhereabouts[];
  origin: WorkOrigin | "";
  repository: string;
  workflow: string;
  run: string;
  session: string;
  minAgeHours: number;
  q: string;
  group: "run" | "repository";
}

export const noWorkFilters: WorkFilters = {
  atRisk: false,
  whereabouts: [],
  origin: "",
  repository: "",
  workflow: "",
  run: "",
  session: "",
  minAgeHours: 0,
  q: "",
  group: "run",
};

const texts = ["repository", "workflow", "run", "session", "q"] as const;
export const workOrigins = ["agent", "snapshot", "merge", "leftover"] as const;
export const workAges = [0, 24, 168, 720] as const;

/** Reads `?risk=1&where=only_here,missing&…`; what is no filter of ours is left out. */
export function readWorkFilters(search: URLSearchParams): WorkFilters {
  const where = search.get("where")?.split(",") ?? [];
  const age = Number(search.get("age"));
  const filters: WorkFilters = {
    ...noWorkFilters,
    atRisk: search.get("risk") === "1",
    whereabouts: whereaboutsInOrder.filter((one) => where.includes(one)),
    origin: workOrigins.find((one) => one === search.get("origin")) ?? "",
    minAgeHours: workAges.find((one) => one === age) ?? 0,
    group: search.get("group") === "repository" ? "repository" : "run",
  };
  for (const name of texts) filters[name] = search.get(name)?.slice(0, 200) ?? "";
  return filters;
}

/** The address of the list with these filters. */
export function writeWorkFilters(filters: WorkFilters): string {
  const search = new URLSearchParams();
  if (filters.atRisk) search.set("risk", "1");
  if (filters.origin) search.set("origin", filters.origin);
  if (filters.minAgeHours) search.set("age", String(filters.minAgeHours));
  if (filters.group !== "run") search.set("group", filters.group);
  for (const name of texts) if (filters[name]) search.set(name, filters[name]);
  const where = filters.whereabouts.length > 0 ? `where=${filters.whereabouts.join(",")}` : "";
  const query = [where, search.toString()].filter(Boolean).join("&");
  return query ? `/work?${query}` : "/work";
}

/** The filters as the API takes them: what is empty is left out. */
export function toWorkInput(filters: WorkFilters) {
  return {
    atRisk: filters.atRisk || undefined,
    whereabouts: filters.whereabouts.length > 0 ? filters.whereabouts : undefined,
    origin: filters.origin ? [filters.origin] : undefined,
    repository: filters.repository || undefined,
    workflow: filters.workflow || undefined,
    run: filters.run || undefined,
    session: filters.session || undefined,
    minAgeHours: filters.minAgeHours || undefined,
    q: filters.q || undefined,
    group: filters.group,
    limit: 50,
  };
}

/** Whether anything is left out; how the list is grouped leaves nothing out. */
export function hasWorkFilter(filters: WorkFilters): boolean {
  return writeWorkFilters({ ...filters, group: "run" }) !== "/work";
}

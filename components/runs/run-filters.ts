import type { RunStatus } from "@/server/domain/run-status";
import { statusesInOrder } from "./run-status";

/** The filters of the run list as they stand in the address; server and browser read them alike. */
export interface RunFilters {
  status: RunStatus[];
  workflow: string;
  repository: string;
  createdBy: string;
  q: string;
}

const textFilters = ["workflow", "repository", "createdBy", "q"] as const;

export const noFilters: RunFilters = {
  status: [],
  workflow: "",
  repository: "",
  createdBy: "",
  q: "",
};

/** Reads `?status=failed,waiting&workflow=…`; what is no filter of ours is left out. */
export function readFilters(search: URLSearchParams): RunFilters {
  const asked = search.get("status")?.split(",") ?? [];
  const filters = { ...noFilters, status: statusesInOrder.filter((one) => asked.includes(one)) };
  for (const name of textFilters) filters[name] = search.get(name)?.slice(0, 200) ?? "";
  return filters;
}

/** The address of the list with these filters. */
export function writeFilters(filters: RunFilters): string {
  const search = new URLSearchParams();
  for (const name of textFilters) if (filters[name]) search.set(name, filters[name]);
  const status = filters.status.length > 0 ? `status=${filters.status.join(",")}` : "";
  const query = [status, search.toString()].filter(Boolean).join("&");
  return query ? `/runs?${query}` : "/runs";
}

/** The filters as the API takes them: what is empty is left out. */
export function toListInput(filters: RunFilters) {
  return {
    status: filters.status.length > 0 ? filters.status : undefined,
    workflow: filters.workflow || undefined,
    repository: filters.repository || undefined,
    createdBy: filters.createdBy || undefined,
    q: filters.q || undefined,
    limit: 50,
  };
}

export function hasFilter(filters: RunFilters): boolean {
  return Object.values(filters).some((value) => value.length > 0);
}

import { parseAsArrayOf, parseAsString, parseAsStringLiteral } from "nuqs/server";
import type { RunStatus } from "@/server/domain/run-status";
import { statusesInOrder } from "./run-status";

/** The filters of the run list as they stand in the address; server and browser read them alike. */
export const runFilters = {
  status: parseAsArrayOf(parseAsStringLiteral(statusesInOrder)).withDefault([]),
  workflow: parseAsString.withDefault(""),
  repository: parseAsString.withDefault(""),
  createdBy: parseAsString.withDefault(""),
  q: parseAsString.withDefault(""),
};

export interface RunFilters {
  status: RunStatus[];
  workflow: string;
  repository: string;
  createdBy: string;
  q: string;
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

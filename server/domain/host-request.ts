/** What a worker answers for its host; a closed list. */
export type HostRequestKind = "inspect_origin" | "remove_workspace" | "diff_run";

export type HostRequestStatus = "asked" | "taken" | "answered" | "refused";

/** The form of a refused request's answer: a DomainError as data. */
export interface HostRefusal {
  code: string;
  message: string;
  hint?: string;
  fields?: Record<string, string>;
}

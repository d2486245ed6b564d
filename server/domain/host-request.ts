/** What a worker answers for its host; a closed list. */
export const hostRequestKinds = ["inspect_origin", "remove_workspace", "diff_run"] as const;
export type HostRequestKind = (typeof hostRequestKinds)[number];

export const hostRequestStatuses = ["asked", "taken", "answered", "refused"] as const;
export type HostRequestStatus = (typeof hostRequestStatuses)[number];

/** The form of a refused request's answer: a DomainError as data. */
export interface HostRefusal {
  code: string;
  message: string;
  hint?: string;
  fields?: Record<string, string>;
}

/** What a worker answers for its host; a closed list. */
export type HostRequestKind =
  | "inspect_origin"
  | "remove_workspace"
  | "audit_workspace"
  | "restore_run"
  | "restore_workspace"
  | "restore_patch"
  | "diff_run"
  | "look_at_config"
  | "doctor_check"
  | "doctor_fix"
  | "preview_delivery";

export type HostRequestStatus = "asked" | "taken" | "answered" | "refused";

/** The form of a refused request's answer: a DomainError as data. */
export interface HostRefusal {
  code: string;
  message: string;
  hint?: string;
  fields?: Record<string, string>;
}

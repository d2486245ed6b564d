import type { WorkspaceState } from "@/server/domain/workspace";

export const workspaceStateWords = {
  planned: "planned",
  creating: "being made",
  ready: "ready",
  removing: "being removed",
  removed: "removed",
  quarantined: "in quarantine",
} as const satisfies Record<WorkspaceState, string>;

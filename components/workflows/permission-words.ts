import type { PermissionMode } from "@/server/domain/workflow";

/** What an agent may do without asking, in the words of the form and of a workflow's page. */
export const permissionWords = {
  allow_list: "Edits and its allowed tools; all else is refused at once",
  ask: "Asks an operator before edits, commands and the like",
  accept_edits: "Edits at once, asks an operator before all else",
  bypass: "Everything without asking; only in the sandbox",
} as const satisfies Record<PermissionMode, string>;

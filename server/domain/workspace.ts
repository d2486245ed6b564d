import { z } from "zod";

/**
 * `planned`: a row only. `creating`: its folder may exist, half-made. `ready`: usable. `removed`: its work
 * is kept and can be restored. `quarantined`: not all of it could be stored, so its folder was put away.
 */
const workspaceStates = [
  "planned",
  "creating",
  "ready",
  "removing",
  "removed",
  "quarantined",
] as const;
export const workspaceStateSchema = z.enum(workspaceStates);
export type WorkspaceState = z.infer<typeof workspaceStateSchema>;

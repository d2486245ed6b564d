import { z } from "zod";

/** `planned`: a row only. `creating`: its folder may exist, half-made. `ready`: usable. */
const workspaceStates = ["planned", "creating", "ready", "removing", "removed"] as const;
export const workspaceStateSchema = z.enum(workspaceStates);
export type WorkspaceState = z.infer<typeof workspaceStateSchema>;

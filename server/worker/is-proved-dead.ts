import { isAlive } from "@/server/agents/process-identity";
import type { ControlState } from "@/server/agents/read-control";

/** With a pid namespace the kernel vouches: its first process is gone, so all of them are. */
export function isProvedDead(control: ControlState): boolean {
  if (control.phase === "absent") return true;
  return control.namespaceInit !== null && !isAlive(control.namespaceInit);
}

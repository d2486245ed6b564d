import { isAlive } from "@/server/agents/process-identity";
import type { ControlState } from "@/server/agents/read-control";

/**
 * With a pid namespace the kernel vouches for the agent: its first process is gone, so all of them are.
 * A keeper that was killed leaves helpers of its own, which only the sweep ends.
 */
export function isProvedDead(control: ControlState): boolean {
  if (control.phase === "absent") return true;
  if (control.phase === "lost") return false;
  return control.namespaceInit !== null && !isAlive(control.namespaceInit);
}

import type { DriverContext } from "@/server/agents/driver";
import { AttemptFailed } from "../attempt-failed";

/**
 * An agent that asks nobody must not see the host.
 * @throws AttemptFailed (`workspace_failed`) before anything of it is started.
 */
export function requireSandboxToBypass(context: DriverContext): void {
  if (context.permissions !== "bypass" || context.isSandboxed) return;
  throw new AttemptFailed(
    "workspace_failed",
    "This workflow lets its agent do everything without asking, which is allowed only in a sandbox, and this host cannot make one. Install bubblewrap on the worker's host, or choose other permissions.",
  );
}

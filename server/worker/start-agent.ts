import { readControl, waitForReady } from "@/server/agents/read-control";
import { startKeeper } from "@/server/agents/start-keeper";
import { crashAt } from "@/server/domain/crash-points";
import { failingAs } from "./attempt-failed";
import type { Hold } from "./context";
import type { LaunchPlan } from "./plan-launch";

const readyTimeoutSeconds = 30;

/**
 * Starts the keeper and, behind it, the agent's process up to the point where it waits for `go`. A
 * worker that comes back here finds the same keeper: a control folder takes one for ever.
 * @throws AttemptFailed (`workspace_failed`), HoldEnded.
 */
export async function startAgent(hold: Hold, plan: LaunchPlan): Promise<void> {
  await failingAs("workspace_failed", async () => {
    if (readControl(hold.controlPath).phase === "absent") {
      await startKeeper({
        controlPath: hold.controlPath,
        argv: plan.command.argv,
        environment: plan.environment,
        streams: plan.driver.kind === "shell" ? "shared" : "separate",
      });
      await crashAt("after:keeper");
    }
    await waitForReady(hold.controlPath, {
      signal: hold.signal,
      timeoutSeconds: readyTimeoutSeconds,
    });
  });
}

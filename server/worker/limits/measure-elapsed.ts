import { measureAge } from "@/server/agents/process-identity";
import type { Work } from "../load-work";

type Part = Pick<Work["attempt"], "agentStartedAt" | "processStartTime" | "bootId">;

/**
 * Milliseconds since the agent was let go. A clock that was set meanwhile makes it no older than its
 * process is by the host's uptime, and not younger than new.
 */
export function measureElapsed(attempt: Part, now: Date): number {
  const byClock = now.getTime() - (attempt.agentStartedAt ?? now).getTime();
  return Math.max(0, Math.min(byClock, measureAgeMs(attempt) ?? byClock));
}

function measureAgeMs({ processStartTime, bootId }: Part): number | null {
  if (processStartTime === null || bootId === null) return null;
  const seconds = measureAge({ startTime: Number(processStartTime), bootId });
  return seconds === null ? null : seconds * 1000;
}

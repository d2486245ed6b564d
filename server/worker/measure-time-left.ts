import { measureAge } from "@/server/agents/process-identity";
import { limits } from "@/server/domain/limits";
import type { Work } from "./load-work";

type Part = {
  run: Pick<Work["run"], "timeoutSeconds">;
  attempt: Pick<Work["attempt"], "agentStartedAt" | "processStartTime" | "bootId">;
};

/**
 * Milliseconds until a run reaches its time limit. A clock that was set meanwhile makes the agent no
 * older than its process is by the host's uptime, and not younger than new.
 */
export function measureTimeLeft({ run, attempt }: Part, now: Date): number {
  const limitMs = (run.timeoutSeconds ?? limits.defaultTimeoutSeconds) * 1000;
  const byClock = now.getTime() - (attempt.agentStartedAt ?? now).getTime();
  return limitMs - Math.max(0, Math.min(byClock, measureAgeMs(attempt) ?? byClock));
}

function measureAgeMs({ processStartTime, bootId }: Part["attempt"]): number | null {
  if (processStartTime === null || bootId === null) return null;
  const seconds = measureAge({ startTime: Number(processStartTime), bootId });
  return seconds === null ? null : seconds * 1000;
}

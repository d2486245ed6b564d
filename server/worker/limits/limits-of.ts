import { limits } from "@/server/domain/limits";
import type { RunLimits } from "@/server/domain/limits-watch";
import type { Work } from "../load-work";

export type LimitColumns = Pick<Work["run"], keyof RunLimits>;

/** How far a run may go; what its row leaves open is as usual. */
export function limitsOf(run: LimitColumns): RunLimits {
  const { maxTurns, maxTokens, maxCostUsd, timeoutSeconds, stallSeconds, maxOutputBytes } = run;
  return {
    ...{ maxTurns, maxTokens, maxCostUsd, stallSeconds },
    timeoutSeconds: timeoutSeconds ?? limits.defaultTimeoutSeconds,
    maxOutputBytes: maxOutputBytes ?? limits.defaultOutputBytes,
  };
}

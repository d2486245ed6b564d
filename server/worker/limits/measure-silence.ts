import { statSync } from "node:fs";
import { join } from "node:path";
import { controlFiles } from "@/server/agents/control-folder";
import { hasCode } from "@/server/agents/has-code";

/**
 * Milliseconds for which an agent had written nothing when a worker began to follow it: never more than
 * since it was let go, nor than since the run last changed its status, as by an answered question.
 */
export function measureSilence(
  controlPath: string,
  { elapsedMs, statusSince, now }: { elapsedMs: number; statusSince: Date; now: Date },
): number {
  const writtenAt = [controlFiles.output, controlFiles.stderr].map((name) =>
    readWrittenAt(join(controlPath, name)),
  );
  const latest = Math.max(statusSince.getTime(), ...writtenAt);
  return Math.max(0, Math.min(elapsedMs, now.getTime() - latest));
}

function readWrittenAt(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return 0;
    throw error;
  }
}

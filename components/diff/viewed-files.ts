import type { FileChange } from "@/server/domain/diff";

/** Per run, the newest last: of each file that was viewed, what it held then. */
export type ViewedFiles = Record<string, Record<string, string>>;

const maxRuns = 50;

/** A file is viewed as long as it holds what it held when it was marked. */
export function isViewed(viewed: ViewedFiles, runId: string, change: FileChange): boolean {
  return viewed[runId]?.[change.path] === keyOf(change);
}

/** The marks of the last fifty runs are kept. */
export function markViewed(
  viewed: ViewedFiles,
  runId: string,
  change: FileChange,
  isNowViewed: boolean,
): ViewedFiles {
  const { [runId]: ofRun = {}, ...others } = viewed;
  const { [change.path]: _, ...rest } = ofRun;
  const marks = isNowViewed ? { ...rest, [change.path]: keyOf(change) } : rest;
  const kept = Object.entries(others).slice(-(maxRuns - 1));
  return { ...Object.fromEntries(kept), [runId]: marks };
}

/** A change of the mode alone is a change too. */
function keyOf({ newObject, newMode }: FileChange): string {
  return `${newObject} ${newMode}`;
}

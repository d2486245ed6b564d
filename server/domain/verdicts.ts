import { z } from "zod";

/** What a finished run is worth. Null while it runs and when it did not succeed. */
const verdicts = ["verified", "unverified", "no_change", "nothing_produced"] as const;
export const verdictSchema = z.enum(verdicts);
export type Verdict = z.infer<typeof verdictSchema>;

export interface VerdictFacts {
  hasChanges: boolean;
  /** Null: the workflow has no checks. */
  checksPassed: boolean | null;
  /** The agent said in its answer that no change was needed. */
  declaredNoChange: boolean;
}

/** The verdict of a run that completed; an empty diff is never plain success. */
export function decideVerdict(facts: VerdictFacts): Verdict {
  if (!facts.hasChanges) return facts.declaredNoChange ? "no_change" : "nothing_produced";
  return facts.checksPassed === true ? "verified" : "unverified";
}

/** The line by which an agent declares that nothing had to be changed. */
export const noChangeMarker = "COPPICE: NO CHANGE NEEDED";

export function declaresNoChange(result: string | null): boolean {
  return result?.includes(noChangeMarker) ?? false;
}

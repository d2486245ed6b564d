import type { AttemptView, CommitView } from "@/server/domain/run-view";

/** What is compared; without ends the whole run, which follows its head. */
export interface DiffScope {
  key: string;
  label: string;
  group: "run" | "attempts" | "commits";
  from?: string;
  to?: string;
}

export const wholeRun: DiffScope = { key: "run", label: "Whole run", group: "run" };

export interface ScopeFacts {
  /** The head that this person saw when they looked before. */
  seen: string | null;
  head: string | null;
  base: string | null;
  attempts: AttemptView[];
  commits: CommitView[];
}

/** All that can be compared in a run: the whole, what is new to this person, each attempt, each commit. */
export function listScopes({ seen, head, base, attempts, commits }: ScopeFacts): DiffScope[] {
  const scopes = [wholeRun];
  if (seen && head && seen !== head) {
    const label = "Since I last looked";
    scopes.push({ key: "seen", label, group: "run", from: seen, to: head });
  }
  const ended = attempts.filter(({ baseCommit, headCommit }) => baseCommit && headCommit);
  for (const { number, baseCommit, headCommit } of ended.length > 1 ? ended : []) {
    const label = `Attempt ${number}`;
    const ends = { from: baseCommit ?? "", to: headCommit ?? "" };
    scopes.push({ key: `attempt ${number}`, label, group: "attempts", ...ends });
  }
  for (const { sha, parents, message } of commits.length > 1 ? commits : []) {
    const from = parents[0] ?? base;
    if (!from) continue;
    const label = `${sha.slice(0, 7)} ${message.split("\n", 1)[0]?.slice(0, 60)}`;
    scopes.push({ key: sha, label, group: "commits", from, to: sha });
  }
  return scopes;
}

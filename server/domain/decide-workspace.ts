import type { WorkspaceFacts } from "./cleanup";
import { addDays } from "./retention";

export type WorkspaceDecision =
  | { verdict: "keep"; until: Date | null; why: string }
  | { verdict: "blocked"; reason: string; loses: string[]; blocked: string }
  | { verdict: "remove"; reason: string };

/**
 * Whether a workspace is due, and if so whether it may go. `newerOnes` is how many workspaces of the
 * same workflow and repository were used after it.
 */
export function decideWorkspace(
  facts: WorkspaceFacts,
  newerOnes: number,
  now: Date,
): WorkspaceDecision {
  const kept = findKeeper(facts, newerOnes);
  if (kept) return { verdict: "keep", until: null, why: kept };
  const { rules, by, last } = facts;
  const isGood = last?.status === "succeeded";
  const field = isGood ? "succeededDays" : "unsucceededDays";
  const days = rules[field];
  const since = last?.endedAt ?? facts.createdAt;
  const until = addDays(since, days);
  const word = last ? `run #${last.number} ${last.status}` : "no run ever ended in it";
  if (until === null) return { verdict: "keep", until, why: `${by[field]} keeps it for ever` };
  const kind = days === 1 ? "1 day" : `${days} days`;
  if (until > now) return { verdict: "keep", until, why: `${word}; ${by[field]} keeps it ${kind}` };
  const reason = `${word} on ${since.toISOString().slice(0, 10)}; ${by[field]} keeps it ${kind}`;
  const loses = listLosses(facts);
  if (loses.length > 0) {
    const blocked = "Work in it is stored nowhere else. Look at the run, then remove it by hand.";
    return { verdict: "blocked", reason, loses, blocked };
  }
  const away = explainAway(facts);
  if (away) return { verdict: "blocked", reason, loses, blocked: away };
  return { verdict: "remove", reason };
}

/** What keeps a workspace whatever its age; null when only its age decides. */
function findKeeper(facts: WorkspaceFacts, newerOnes: number): string | null {
  const { rules, by } = facts;
  if (facts.openRun !== null) return `run #${facts.openRun} needs it`;
  if (facts.pinnedBy) return `${facts.pinnedBy} pinned it`;
  if (facts.isBeingRead) return "somebody is reading it";
  if (facts.kind === "persistent" && !rules.removesPersistent) {
    return `it is persistent, and ${by.removesPersistent} keeps those`;
  }
  if (newerOnes < rules.keepNewest) {
    return `it is among the newest ${rules.keepNewest} of its workflow, which ${by.keepNewest} keeps`;
  }
  return null;
}

function listLosses({ isUncollected, leftOut }: WorkspaceFacts): string[] {
  const uncollected = isUncollected
    ? ["the work of its last run, which could not be collected"]
    : [];
  return [...uncollected, ...leftOut.map((path) => `the file ${path}, which is in no snapshot`)];
}

function explainAway({ host }: WorkspaceFacts): string | null {
  if (!host) return "No worker has it.";
  return host.isAlive ? null : `Its host is away: start the worker “${host.name}”.`;
}

/** How many were used after each, among those of the same workflow and repository. */
export function rankNewest(all: readonly WorkspaceFacts[]): Map<string, number> {
  const groups = new Map<string, WorkspaceFacts[]>();
  for (const facts of all) {
    const key = JSON.stringify([facts.repository, facts.workflow]);
    groups.set(key, [...(groups.get(key) ?? []), facts]);
  }
  const usedAt = ({ last, createdAt, openRun }: WorkspaceFacts) =>
    openRun === null ? (last?.endedAt ?? createdAt).getTime() : Number.POSITIVE_INFINITY;
  const ranks = new Map<string, number>();
  for (const group of groups.values()) {
    group.sort((one, other) => usedAt(other) - usedAt(one) || (one.id < other.id ? 1 : -1));
    for (const [rank, { id }] of group.entries()) ranks.set(id, rank);
  }
  return ranks;
}

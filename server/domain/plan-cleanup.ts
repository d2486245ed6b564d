import type { OutputFacts, PlannedItem, SpoolFacts, WorkspaceFacts } from "./cleanup";
import { decideWorkspace, rankNewest } from "./decide-workspace";
import { agedKeepBytes, leastTrimBytes, type TrimReason } from "./output-trim";
import { addDays } from "./retention";

export interface CleanupFacts {
  workspaces: readonly WorkspaceFacts[];
  /** Oldest first. */
  outputs: readonly OutputFacts[];
  spools: readonly SpoolFacts[];
  /** All output that is stored, of running runs too, and how much may be; null is no limit. */
  totalOutputBytes: number;
  maxTotalOutputBytes: number | null;
}

/** What is due now, in the order in which it would be done: facts and time in, a list out. */
export function planCleanup(facts: CleanupFacts, now: Date): PlannedItem[] {
  return [
    ...planWorkspaces(facts.workspaces, now),
    ...facts.spools.flatMap((spool) => planSpool(spool, now)),
    ...planOutputs(facts, now),
  ];
}

function planWorkspaces(workspaces: readonly WorkspaceFacts[], now: Date): PlannedItem[] {
  const ranks = rankNewest(workspaces);
  return workspaces.flatMap((facts): PlannedItem[] => {
    const decision = decideWorkspace(facts, ranks.get(facts.id) ?? 0, now);
    if (decision.verdict === "keep") return [];
    const { reason } = decision;
    const [loses, blocked] =
      decision.verdict === "blocked" ? [decision.loses, decision.blocked] : [[], null];
    return [
      {
        kind: "workspace",
        workspaceId: facts.id,
        runId: facts.last?.id ?? null,
        attemptId: null,
        runNumber: facts.last?.number ?? null,
        ...pick(facts),
        host: facts.host,
        bytes: facts.bytes,
        ...{ reason, loses, blocked, trim: null },
      },
    ];
  });
}

function planSpool(facts: SpoolFacts, now: Date): PlannedItem[] {
  const { rules, by, endedAt, host } = facts;
  const until = addDays(endedAt, rules.spoolDays);
  if (facts.pinnedBy || until === null || until > now) return [];
  const away = host.isAlive ? null : `Its host is away: start the worker “${host.name}”.`;
  const reason = `run #${facts.number} ended on ${day(endedAt)} and its output is stored; ${by.spoolDays} keeps control folders ${rules.spoolDays} days`;
  return [
    {
      kind: "spool",
      workspaceId: null,
      runId: facts.runId,
      attemptId: facts.attemptId,
      runNumber: facts.number,
      ...pick(facts),
      host,
      bytes: facts.bytes,
      ...{ reason, loses: [], blocked: away, trim: null },
    },
  ];
}

/** First by age and by size of one; then the oldest, until all together is small enough. */
function planOutputs(
  { outputs, totalOutputBytes, maxTotalOutputBytes }: CleanupFacts,
  now: Date,
): PlannedItem[] {
  let left = totalOutputBytes;
  const items = new Map<string, PlannedItem>();
  const plan = (facts: OutputFacts, reason: TrimReason, keepBytes: number, words: string) => {
    const bytes = estimateTrim(facts, keepBytes);
    if (bytes < leastTrimBytes) return false;
    left -= bytes;
    items.set(facts.runId, toOutputItem(facts, bytes, words, { reason, keepBytes }));
    return true;
  };
  const free = outputs.filter(({ pinnedBy, isBeingRead }) => !pinnedBy && !isBeingRead);
  for (const facts of free) {
    const { rules, by, number, endedAt } = facts;
    const until = addDays(endedAt, rules.outputDays);
    const isOld = until !== null && until <= now;
    const words = `run #${number} ended on ${day(endedAt)}; ${by.outputDays} keeps output ${rules.outputDays} days`;
    if (isOld && plan(facts, "too_old", agedKeepBytes, words)) continue;
    if (rules.maxOutputBytes === "never") continue;
    const limit = `run #${number} wrote more than ${mebibytes(rules.maxOutputBytes)}, which ${by.maxOutputBytes} keeps of an attempt`;
    plan(facts, "too_large", rules.maxOutputBytes, limit);
  }
  for (const facts of free) {
    if (maxTotalOutputBytes === null || left <= maxTotalOutputBytes) break;
    const before = items.get(facts.runId);
    if (before?.trim?.reason === "too_old") continue;
    left += before?.bytes ?? 0;
    const words = `all output together is more than ${mebibytes(maxTotalOutputBytes)}; the oldest goes first`;
    if (!plan(facts, "total_too_large", agedKeepBytes, words)) left -= before?.bytes ?? 0;
  }
  return [...items.values()];
}

/** What a cut of every stream to `keepBytes` would free; what was cut so far already frees nothing. */
function estimateTrim({ streams }: OutputFacts, keepBytes: number): number {
  return streams.reduce((sum, { storedBytes, keptBytes }) => {
    const isCutSoFar = keptBytes !== null && keptBytes <= keepBytes;
    return isCutSoFar ? sum : sum + Math.max(0, storedBytes - keepBytes);
  }, 0);
}

function toOutputItem(
  facts: OutputFacts,
  bytes: number,
  reason: string,
  trim: NonNullable<PlannedItem["trim"]>,
): PlannedItem {
  return {
    kind: "output",
    workspaceId: null,
    runId: facts.runId,
    attemptId: null,
    runNumber: facts.number,
    ...pick(facts),
    host: null,
    ...{ bytes, reason, loses: [], blocked: null, trim },
  };
}

const pick = ({ repository, workflow }: { repository: string; workflow: string | null }) => ({
  repository,
  workflow,
});

const day = (at: Date) => at.toISOString().slice(0, 10);
const mebibytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MiB`;

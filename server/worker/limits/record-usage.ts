import type { Transaction } from "@/db/client";
import { usageEntries } from "@/db/schema";
import type { AttemptId } from "@/server/domain/ids";
import type { ModelUsage } from "@/server/domain/usage";
import type { AgentKind } from "@/server/domain/workflow";
import type { AttemptOutcome } from "../close-attempt";

export interface AttemptUsage {
  attemptId: AttemptId;
  agent: AgentKind;
  outcome: Pick<AttemptOutcome, "usage" | "models" | "isUsageWhole">;
  at: Date;
}

/** Enters what an attempt used, in the transaction that closes it; what is unknown has an entry too. */
export async function recordUsage(tx: Transaction, attempt: AttemptUsage): Promise<void> {
  const entries = listUsageEntries(attempt);
  if (entries.length === 0) return;
  const { attemptId, at } = attempt;
  await tx
    .insert(usageEntries)
    .values(entries.map((entry) => ({ ...entry, attemptId, at })))
    .onConflictDoNothing();
}

const unknown: ModelUsage = {
  model: null,
  inputTokens: null,
  outputTokens: null,
  cachedTokens: null,
  costUsd: null,
};

/** The entries of an attempt, by model. A command uses nothing that anybody bills. */
function listUsageEntries({ agent, outcome }: Omit<AttemptUsage, "attemptId" | "at">) {
  if (agent === "shell") return [];
  const { usage, models = [], isUsageWhole = true } = outcome;
  const { turns: _, ...sum } = usage;
  const isTold = Object.values(sum).some((value) => value !== null);
  const told = models.length > 0 ? models : isTold ? [{ ...sum, model: null }] : [];
  const isNamed = told.every(({ model }) => model !== null);
  // Where one entry has no model, it is the whole attempt's, and its gaps speak for themselves.
  return told.length === 0 || (!isUsageWhole && isNamed) ? [...told, unknown] : told;
}

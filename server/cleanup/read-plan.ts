import type { Executor } from "@/db/client";
import type { PlannedItem } from "@/server/domain/cleanup";
import { planCleanup } from "@/server/domain/plan-cleanup";
import type { RetentionPolicies } from "@/server/domain/retention";
import { readOutputFacts, readTotalOutput } from "./read-output-facts";
import { readPolicies } from "./read-policies";
import { readSettings } from "./read-settings";
import { readSpoolFacts } from "./read-spool-facts";
import { readWorkspaceFacts } from "./read-workspace-facts";

/** So many things of each kind are looked at; the oldest come first, so the next plan goes on. */
const factsLimit = 5_000;

export interface ReadPlan {
  repositoryId: string | null;
  now: Date;
  /** Instead of the policies that hold: to see what others would do. */
  policies?: RetentionPolicies;
}

/** What is due now, from the rows alone; nothing is touched. `isCut`: there may be more. */
export async function readPlan(
  db: Executor,
  { repositoryId, now, policies }: ReadPlan,
): Promise<{ items: PlannedItem[]; isCut: boolean }> {
  const used = policies ?? (await readPolicies(db));
  const scope = { policies: used, repositoryId, limit: factsLimit, now };
  const workspaces = await readWorkspaceFacts(db, scope);
  const spools = await readSpoolFacts(db, scope);
  const outputs = await readOutputFacts(db, scope);
  const { maxTotalOutputBytes } = await readSettings(db);
  const totalOutputBytes = await readTotalOutput(db);
  const items = planCleanup(
    { workspaces, spools, outputs, totalOutputBytes, maxTotalOutputBytes },
    now,
  );
  const isCut = [workspaces, spools, outputs].some(({ length }) => length >= factsLimit);
  return { items, isCut };
}

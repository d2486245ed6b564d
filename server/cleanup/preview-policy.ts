import { z } from "zod";
import { cleanupKinds, type PlannedItem } from "@/server/domain/cleanup";
import { parseInput } from "@/server/domain/parse-input";
import type { RetentionPolicies } from "@/server/domain/retention";
import type { VerbContext } from "@/server/runs/context";
import { readPlan } from "./read-plan";
import { readPolicies } from "./read-policies";
import { policyInputSchema } from "./set-policy";

const sumSchema = z.object({ items: z.number().int(), bytes: z.number().int() });
export const policyPreviewSchema = z.object({
  kinds: z.array(z.object({ kind: z.enum(cleanupKinds), before: sumSchema, after: sumSchema })),
});

/** What would be due under a policy that is not saved yet, beside what is due now. */
export async function previewPolicy(
  { db, now }: VerbContext,
  input: z.input<typeof policyInputSchema>,
): Promise<z.infer<typeof policyPreviewSchema>> {
  const parsed = parseInput(policyInputSchema, input);
  const policies = await readPolicies(db);
  const before = await readPlan(db, { repositoryId: null, now, policies });
  const after = await readPlan(db, { repositoryId: null, now, policies: put(policies, parsed) });
  return {
    kinds: cleanupKinds.map((kind) => ({
      kind,
      before: sum(before.items, kind),
      after: sum(after.items, kind),
    })),
  };
}

function put(
  policies: RetentionPolicies,
  { repository, workflow, rules }: z.output<typeof policyInputSchema>,
): RetentionPolicies {
  if (workflow) {
    return { ...policies, workflows: new Map([...policies.workflows, [workflow, rules]]) };
  }
  if (!repository) return { ...policies, installation: rules };
  return { ...policies, repositories: new Map([...policies.repositories, [repository, rules]]) };
}

function sum(items: readonly PlannedItem[], kind: PlannedItem["kind"]) {
  const due = items.filter((item) => item.kind === kind && item.blocked === null);
  return { items: due.length, bytes: due.reduce((all, { bytes }) => all + (bytes ?? 0), 0) };
}

import { inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { workEntries } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { NotFound } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";

const maxEntries = 200;
export const entryIdsSchema = z.array(z.int().min(1)).min(1).max(maxEntries);

export const acceptLossInputSchema = z.strictObject({
  ids: entryIdsSchema,
  /** For those who ask later. */
  why: z
    .string()
    .trim()
    .min(1, "Say why it may be lost.")
    .max(500)
    .refine((text) => !text.includes("\u0000"), "It contains a NUL character."),
});

export const changedWorkSchema = z.object({
  /** The entries that this changed; others stood so already, or are safe. */
  changed: z.array(z.number().int()),
});
export type ChangedWork = z.infer<typeof changedWorkSchema>;

/**
 * Writes down that an operator knows of work at risk and lets it go. Nothing is removed by it: from now
 * on it counts as no risk, and cleaning may take what holds it.
 * @throws NotFound when one of the entries does not exist; then none was changed.
 */
export async function acceptLoss(
  { db, actor, now }: VerbContext,
  input: z.input<typeof acceptLossInputSchema>,
): Promise<ChangedWork> {
  const { ids, why } = parseInput(acceptLossInputSchema, input);
  return db.transaction(async (tx) => {
    const known = await tx
      .select({ id: workEntries.id })
      .from(workEntries)
      .where(inArray(workEntries.id, ids))
      .orderBy(workEntries.id)
      .for("update");
    const stranger = ids.find((id) => !known.some((entry) => entry.id === id));
    if (stranger) throw new NotFound("ledger entry", String(stranger));
    const rows = await tx
      .update(workEntries)
      .set({ letGoBy: nameActor(actor), letGoAt: now, letGoWhy: why })
      .where(
        sql`${inArray(workEntries.id, ids)} and ${workEntries.letGoAt} is null
          and ${workEntries.whereabouts} in ('only_here', 'in_keep_ref', 'in_workspace', 'missing')`,
      )
      .returning({ id: workEntries.id });
    const changed = rows.map(({ id }) => id).sort((one, other) => one - other);
    if (changed.length > 0) {
      await recordAudit(tx, {
        actor,
        action: "work.let_go",
        target: `work:${changed[0]}`,
        facts: { entries: changed, why },
        now,
      });
    }
    return { changed };
  });
}

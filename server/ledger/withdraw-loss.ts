import { and, eq, inArray, isNotNull, ne } from "drizzle-orm";
import { z } from "zod";
import { workEntries } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { Conflict } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";
import { type ChangedWork, entryIdsSchema } from "./accept-loss";

export const withdrawLossInputSchema = z.strictObject({ ids: entryIdsSchema });

/**
 * Takes back that work was let go; it counts as at risk again.
 * @throws Conflict when one of the entries is gone meanwhile; then none was changed.
 */
export async function withdrawLoss(
  { db, actor, now }: VerbContext,
  input: z.input<typeof withdrawLossInputSchema>,
): Promise<ChangedWork> {
  const { ids } = parseInput(withdrawLossInputSchema, input);
  return db.transaction(async (tx) => {
    const rows = await tx
      .update(workEntries)
      .set({ letGoBy: null, letGoAt: null, letGoWhy: null })
      .where(
        and(
          inArray(workEntries.id, ids),
          isNotNull(workEntries.letGoAt),
          ne(workEntries.whereabouts, "gone"),
        ),
      )
      .returning({ id: workEntries.id });
    const [gone] = await tx
      .select({ id: workEntries.id })
      .from(workEntries)
      .where(and(inArray(workEntries.id, ids), eq(workEntries.whereabouts, "gone")))
      .limit(1);
    if (gone) {
      throw new Conflict(`Entry ${gone.id} is gone: nothing holds it any more.`, {
        hint: "Take back only what is still somewhere.",
        facts: { id: gone.id },
      });
    }
    const changed = rows.map(({ id }) => id).sort((one, other) => one - other);
    if (changed.length > 0) {
      await recordAudit(tx, {
        actor,
        action: "work.taken_back",
        target: `work:${changed[0]}`,
        facts: { entries: changed },
        now,
      });
    }
    return { changed };
  });
}

import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { FoundWhereabouts, WorkWhereabouts } from "@/server/domain/work";

export interface FoundWork extends Omit<FoundWhereabouts, "whereabouts"> {
  id: number;
  whereabouts: WorkWhereabouts;
}

/**
 * Writes where a batch of entries was found, all of it or nothing. An entry that is where it was is not
 * written again: the look's own row says until when that held. Nothing is called gone without an
 * operator's word, also when the word was taken back meanwhile.
 * @returns the ids of those that are somewhere else now.
 */
export async function recordFoundWork(
  db: Executor,
  { found, now }: { found: FoundWork[]; now: Date },
): Promise<number[]> {
  if (found.length === 0) return [];
  const at = now.toISOString();
  const { rows } = await db.execute<{ id: string; has_moved: boolean }>(sql`
    update work_entries e
    set whereabouts = f.whereabouts, merged_by = f.merged_by, merged_as = f.merged_as,
      looked_at = ${at}::timestamptz,
      since = case when f.has_moved then ${at}::timestamptz else e.since end
    from (
      select g.*, o.whereabouts <> g.whereabouts as has_moved
      from jsonb_to_recordset(${JSON.stringify(found.map(toRecord))}::jsonb)
        as g(id bigint, whereabouts text, merged_by text, merged_as text)
      join work_entries o on o.id = g.id
      where o.looked_at is null or (o.whereabouts, o.merged_by, o.merged_as)
        is distinct from (g.whereabouts, g.merged_by, g.merged_as)
    ) f
    where e.id = f.id and (f.whereabouts <> 'gone' or e.let_go_at is not null)
    returning e.id, f.has_moved`);
  return rows.filter((row) => row.has_moved).map((row) => Number(row.id));
}

function toRecord({ id, whereabouts, mergedBy, mergedAs }: FoundWork) {
  return { id, whereabouts, merged_by: mergedBy, merged_as: mergedAs };
}

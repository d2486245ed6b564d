import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { WorkSummary, WorkWhereabouts } from "@/server/domain/work";
import { isAtRisk } from "./risk";

const mostCounted = 10_000;

/**
 * How much work exists in one place of ours alone and was not let go. Reads an index of just that, and
 * never more than 10,000 entries of it: this stands on every page.
 */
export async function countWorkAtRisk(db: Executor): Promise<WorkSummary> {
  const { rows } = await db.execute<{ whereabouts: WorkWhereabouts; entries: string }>(sql`
    select whereabouts, count(*) as entries
    from (select e.whereabouts from work_entries e where ${isAtRisk}
      order by e.id desc limit ${mostCounted + 1}) newest
    group by whereabouts`);
  const of = (whereabouts: WorkWhereabouts) =>
    Number(rows.find((row) => row.whereabouts === whereabouts)?.entries ?? 0);
  const counted = rows.reduce((sum, row) => sum + Number(row.entries), 0);
  return {
    atRisk: Math.min(counted, mostCounted),
    onlyHere: of("only_here"),
    inKeepRef: of("in_keep_ref"),
    inWorkspace: of("in_workspace"),
    missing: of("missing"),
    isCut: counted > mostCounted,
  };
}

import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { RunId } from "@/server/domain/ids";
import type { LeftoverReason } from "@/server/domain/work";

export interface Leftover {
  reason: LeftoverReason;
  /** A path, or words for several: one entry for each run, reason and path. */
  path: string;
  why: string;
}

const maxPathLength = 1000;

/** Enters what a run left that is in no commit. One that is known already is refreshed. */
export async function recordLeftovers(
  db: Executor,
  { runId, leftovers, now }: { runId: RunId; leftovers: Leftover[]; now: Date },
): Promise<void> {
  if (leftovers.length === 0) return;
  const records = new Map(
    leftovers.map(({ reason, path, why }) => {
      const title = path.replaceAll("\u0000", " ").slice(0, maxPathLength);
      return [`${reason} ${title}`, { reason, title, why: why.replaceAll("\u0000", " ") }] as const;
    }),
  );
  await db.execute(sql`
    insert into work_entries (repository_id, run_id, worker_id, reason, title, why, at, whereabouts)
    select r.repository_id, r.id, coalesce(r.worker_id, w.worker_id), l.reason, l.title, l.why,
      ${now.toISOString()}::timestamptz, 'in_workspace'
    from jsonb_to_recordset(${JSON.stringify([...records.values()])}::jsonb)
      as l(reason text, title text, why text)
    join runs r on r.id = ${runId}
    join workspaces w on w.id = r.workspace_id
    on conflict (run_id, reason, title) where sha is null
    do update set why = excluded.why, whereabouts = 'in_workspace', looked_at = null`);
}

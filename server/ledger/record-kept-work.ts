import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { RepositoryId, RunId, Sha, WorkerId } from "@/server/domain/ids";

interface Named {
  runId: RunId;
  sha: Sha;
}

/** Which of these commits the ledger has no entry of, for runs that the database knows. */
export async function findUnenteredWork<Item extends Named>(
  db: Executor,
  repositoryId: RepositoryId,
  items: Item[],
): Promise<Item[]> {
  if (items.length === 0) return [];
  const asked = items.map(({ runId, sha }, index) => ({ index, run_id: runId, sha }));
  const { rows } = await db.execute<{ index: number }>(sql`
    select a.index from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      as a(index int, run_id uuid, sha text)
    where exists (select from runs r where r.id = a.run_id and r.repository_id = ${repositoryId})
      and not exists (select from work_entries e where e.run_id = a.run_id and e.sha = a.sha)`);
  return rows.flatMap(({ index }) => items[index] ?? []);
}

export interface KeptWork extends Named {
  ref: string;
  origin: "agent" | "snapshot" | "merge";
  title: string;
  author: string;
  at: Date;
}

/** Enters commits that only keep refs know. One that is in the ledger already stays as it is. */
export async function recordKeptWork(
  db: Executor,
  {
    repositoryId,
    workerId,
    work,
  }: { repositoryId: RepositoryId; workerId: WorkerId; work: KeptWork[] },
): Promise<void> {
  if (work.length === 0) return;
  const records = work.map(({ runId, ...rest }) => ({ run_id: runId, ...rest }));
  await db.execute(sql`
    insert into work_entries (repository_id, run_id, worker_id, sha, origin, title, author, at, whereabouts, ref)
    select ${repositoryId}, k.run_id, ${workerId}, k.sha, k.origin, left(k.title, 300), k.author, k.at,
      'in_keep_ref', k.ref
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb)
      as k(run_id uuid, sha text, ref text, origin text, title text, author text, at timestamptz)
    join runs r on r.id = k.run_id and r.repository_id = ${repositoryId}
    order by k.at
    on conflict (run_id, sha) where sha is not null do nothing`);
}

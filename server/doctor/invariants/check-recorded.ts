import { sql } from "drizzle-orm";
import { type BrokenInvariant, broken, type Judged } from "./broken-invariant";

interface Row extends Record<string, unknown> {
  number: string;
  lacks: string;
}

/** I7: every run whose agent was ever let go has its workspace, path, branch and base commit. */
export async function checkRecorded({ db }: Judged): Promise<BrokenInvariant[]> {
  const { rows } = await db.execute<Row>(sql`
    select r.number, concat_ws(', ',
      case when r.workspace_path is null then 'a path' end,
      case when r.branch is null then 'a branch' end,
      case when r.base_commit is null then 'a base commit' end,
      case when s.path is null then 'a workspace that was placed' end,
      case when a.pid is null then 'a process' end,
      case when r.agent_native_id is null then 'an agent session id' end) as lacks
    from runs r
    join workspaces s on s.id = r.workspace_id
    join attempts a on a.run_id = r.id
    where a.agent_started_at is not null
    order by r.number`);
  return rows
    .filter(({ lacks }) => lacks !== "")
    .map(({ number, lacks }) => broken("I7", `#${number}`, `its agent ran, and it lacks ${lacks}`));
}

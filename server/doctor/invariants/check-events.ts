import { sql } from "drizzle-orm";
import { mayMove, type RunStatus } from "@/server/domain/run-status";
import { type BrokenInvariant, broken, type Judged } from "./broken-invariant";

interface Move {
  from: RunStatus | null;
  to: RunStatus | null;
}

interface Row extends Record<string, unknown> {
  number: string;
  status: RunStatus;
  moves: Move[] | null;
  events: number;
  first_seq: number | null;
  last_seq: number | null;
  is_in_order: boolean | null;
}

/**
 * I3: the events of each run tell a way through the table of statuses that ends where its row stands,
 * an ended run moves no more, and their numbers have no gap and follow the order of their commits.
 */
export async function checkEvents({ db }: Judged): Promise<BrokenInvariant[]> {
  const { rows } = await db.execute<Row>(sql`
    with numbered as (
      select run_id, seq, kind, data, id > lag(id) over (partition by run_id order by seq) as is_later
      from run_events
    )
    select r.number, r.status, count(e.seq)::int as events, min(e.seq) as first_seq,
      max(e.seq) as last_seq, bool_and(e.is_later) as is_in_order,
      jsonb_agg(jsonb_build_object('from', e.data -> 'from', 'to', e.data -> 'to') order by e.seq)
        filter (where e.kind = 'status_changed') as moves
    from runs r left join numbered e on e.run_id = r.id
    group by r.id order by r.number`);
  return rows.flatMap((row) => [
    ...findGaps(row).map((what) => broken("I3", `#${row.number}`, what)),
    ...replayMoves(row.moves ?? [], row.status).map((what) => broken("I3", `#${row.number}`, what)),
  ]);
}

function findGaps({ events, first_seq, last_seq, is_in_order }: Row): string[] {
  const isWhole = events === 0 || (first_seq === 1 && last_seq === events);
  return [
    ...(isWhole ? [] : [`${events} events are numbered ${first_seq} to ${last_seq}`]),
    ...(is_in_order === false ? ["the numbers of its events do not follow their commits"] : []),
  ];
}

/** What is wrong with a run's moves, given where its row stands. Pure. */
export function replayMoves(moves: Move[], status: RunStatus): string[] {
  const wrong: string[] = [];
  let at: RunStatus | null = null;
  for (const { from, to } of moves) {
    const isLegal: boolean = to !== null && (at === null ? to === "queued" : mayMove(at, to));
    if (!isLegal || from !== at) {
      wrong.push(`it stood at ${at ?? "nothing"}, and an event moved it from ${from} to ${to}`);
    }
    at = to;
  }
  if (at !== status) wrong.push(`its events end at ${at ?? "nothing"}, its row at ${status}`);
  return wrong;
}

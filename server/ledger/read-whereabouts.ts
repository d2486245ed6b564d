import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import {
  type CommitWhereabouts,
  commitWhereaboutsSchema,
  type MergeWay,
} from "@/server/domain/commit";
import type { RunId, Sha } from "@/server/domain/ids";
import { readWorkEntries } from "./read-work-entries";

interface CommitPlace {
  whereabouts: CommitWhereabouts;
  mergedBy: MergeWay | null;
  asOf: Date | null;
  unknownSince: Date | null;
}

/** Where commits of a run are now, as a function of their ids. */
export async function readWhereabouts(
  db: Executor,
  { runId, shas, now }: { runId: RunId; shas: Sha[]; now: Date },
): Promise<(sha: Sha) => CommitPlace> {
  const entries = await readWorkEntries(db, {
    // The ids come first: ordered by id, the planner would rather read the ledger from its end.
    where: sql`e.id = any(array(select c.id
      from jsonb_array_elements_text(${JSON.stringify(shas)}::jsonb) as asked(sha)
      join work_entries c on c.run_id = ${runId} and c.sha = asked.sha and c.sha is not null))`,
    isByRepository: false,
    limit: shas.length,
    now,
  });
  const places = new Map(
    entries.map(({ sha, whereabouts, mergedBy, asOf, unknownSince }) => [
      sha,
      {
        whereabouts: commitWhereaboutsSchema.parse(whereabouts),
        mergedBy,
        asOf,
        unknownSince,
      },
    ]),
  );
  return (sha) => {
    const place = places.get(sha);
    if (!place) throw new Error(`the ledger has no entry of commit ${sha} of run ${runId}`);
    return place;
  };
}

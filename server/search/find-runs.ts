import { desc, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { runs } from "@/db/schema";
import { parseInput } from "@/server/domain/parse-input";
import { terminalStatuses } from "@/server/domain/run-status";
import type { SearchHit } from "@/server/domain/views";
import { filterTextSchema } from "@/server/runs/filter-text";
import { titleOf } from "@/server/runs/read-run-summaries";
import { listMatchers, type Matcher } from "./list-matchers";

export const findRunsInputSchema = z.strictObject({ q: filterTextSchema });

const maxHits = 20;

/**
 * The runs to which an id, sha, branch, path, pid or #number leads: the most exact match first, then
 * live runs, then the newest. Each run comes once, with what it was found by.
 */
export async function findRuns(
  db: Executor,
  input: z.input<typeof findRunsInputSchema>,
): Promise<{ items: SearchHit[] }> {
  const text = parseInput(findRunsInputSchema, input).q.trim();
  if (text === "") return { items: [] };
  const matchers = listMatchers(text);
  const found = await Promise.all(matchers.map((matcher) => readHits(db, matcher)));
  const hits = new Map<string, SearchHit>();
  for (const [index, { matched }] of matchers.entries()) {
    for (const run of found[index] ?? []) {
      if (!hits.has(run.id)) hits.set(run.id, { matched, run });
    }
  }
  return { items: [...hits.values()].slice(0, maxHits) };
}

async function readHits(db: Executor, { where, nearest }: Matcher): Promise<SearchHit["run"][]> {
  const hasEnded = inArray(runs.status, [...terminalStatuses]);
  const rows = await db
    .select({
      id: runs.id,
      number: runs.number,
      status: runs.status,
      beginning: sql<string>`left(${runs.message}, 600)`,
    })
    .from(runs)
    .where(where)
    .orderBy(...(nearest ? [desc(nearest)] : []), hasEnded, desc(runs.createdAt), desc(runs.id))
    .limit(maxHits);
  return rows.map(({ beginning, ...run }) => ({ ...run, title: titleOf(beginning) }));
}

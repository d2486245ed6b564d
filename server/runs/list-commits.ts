import { and, desc, eq, lt } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { commits } from "@/db/schema";
import { parseInput } from "@/server/domain/parse-input";
import type { CommitView } from "@/server/domain/run-view";
import { readWhereabouts } from "@/server/ledger/read-whereabouts";
import { cutPage, type Page, pageFields, readPageCursor } from "./page-cursor";
import { resolveRunId, runKeySchema } from "./resolve-run-id";

export const listCommitsInputSchema = z.strictObject({ id: runKeySchema, ...pageFields });

const positionKeySchema = z.tuple([z.int32()]);

/**
 * The commits of a run between its base and its head, newest first, as git lists them, and where each
 * one is now.
 * @throws NotFound
 */
export async function listCommits(
  db: Executor,
  input: z.input<typeof listCommitsInputSchema>,
  now: Date = new Date(),
): Promise<Page<CommitView>> {
  const { id, cursor, limit } = parseInput(listCommitsInputSchema, input);
  const after = readPageCursor(positionKeySchema, cursor);
  const runId = await resolveRunId(db, id);
  const rows = await db
    .select({
      position: commits.position,
      sha: commits.sha,
      parents: commits.parents,
      authorName: commits.authorName,
      authorEmail: commits.authorEmail,
      message: commits.message,
      at: commits.at,
      additions: commits.additions,
      deletions: commits.deletions,
      files: commits.files,
      origin: commits.origin,
    })
    .from(commits)
    .where(and(eq(commits.runId, runId), after ? lt(commits.position, after[0]) : undefined))
    .orderBy(desc(commits.position))
    .limit(limit + 1);
  const page = cutPage(rows, limit, (commit) => [commit.position]);
  const shas = page.items.map(({ sha }) => sha);
  const whereabouts = await readWhereabouts(db, { runId, shas, now });
  return {
    ...page,
    items: page.items.map(({ position: _, authorName, authorEmail, ...commit }) => ({
      ...commit,
      ...whereabouts(commit.sha),
      author: { name: authorName, email: authorEmail },
    })),
  };
}

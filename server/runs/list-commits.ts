import { and, desc, eq, lt } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { commits } from "@/db/schema";
import { parseInput } from "@/server/domain/parse-input";
import type { CommitView } from "@/server/domain/run-view";
import { cutPage, type Page, pageFields, readPageCursor } from "./page-cursor";
import { resolveRunId, runKeySchema } from "./resolve-run-id";

export const listCommitsInputSchema = z.strictObject({ id: runKeySchema, ...pageFields });

const positionKeySchema = z.tuple([z.int32()]);

/**
 * The commits of a run between its base and its head, newest first, as git lists them.
 * @throws NotFound
 */
export async function listCommits(
  db: Executor,
  input: z.input<typeof listCommitsInputSchema>,
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
      whereabouts: commits.whereabouts,
    })
    .from(commits)
    .where(and(eq(commits.runId, runId), after ? lt(commits.position, after[0]) : undefined))
    .orderBy(desc(commits.position))
    .limit(limit + 1);
  const page = cutPage(rows, limit, (commit) => [commit.position]);
  return {
    ...page,
    items: page.items.map(({ position: _, authorName, authorEmail, ...commit }) => ({
      ...commit,
      author: { name: authorName, email: authorEmail },
    })),
  };
}

import { and, asc, eq, gt, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { attempts, cleanupItems, repositories, runs, workers, workspaces } from "@/db/schema";
import { type CleanupItemView, cleanupItemStatuses } from "@/server/domain/cleanup";
import { parseInput } from "@/server/domain/parse-input";
import { cutPage, type Page, pageFields, readPageCursor } from "@/server/runs/page-cursor";
import { getCleanup } from "./get-cleanup";

export const listCleanupItemsInputSchema = z.strictObject({
  id: z.guid(),
  status: z.array(z.enum(cleanupItemStatuses)).nullish(),
  ...pageFields,
});

const keySchema = z.tuple([z.int()]);
const repositoryOf = sql`coalesce(${workspaces.repositoryId}, ${runs.repositoryId})`;

/** What a cleanup found due, in its order, each with what became of it. @throws NotFound, BadInput */
export async function listCleanupItems(
  db: Executor,
  input: z.input<typeof listCleanupItemsInputSchema>,
): Promise<Page<CleanupItemView>> {
  const { id, status, cursor, limit } = parseInput(listCleanupItemsInputSchema, input);
  const after = readPageCursor(keySchema, cursor);
  await getCleanup(db, { id });
  const rows = await db
    .select({
      item: cleanupItems,
      repository: repositories.name,
      worker: workers.name,
      run: { id: runs.id, number: runs.number },
      workspacePath: workspaces.path,
      controlPath: attempts.controlPath,
    })
    .from(cleanupItems)
    .leftJoin(runs, eq(runs.id, cleanupItems.runId))
    .leftJoin(workspaces, eq(workspaces.id, cleanupItems.workspaceId))
    .leftJoin(attempts, eq(attempts.id, cleanupItems.attemptId))
    .leftJoin(workers, eq(workers.id, cleanupItems.workerId))
    .leftJoin(repositories, eq(repositories.id, repositoryOf))
    .where(
      and(
        eq(cleanupItems.cleanupId, id),
        status && status.length > 0 ? inArray(cleanupItems.status, status) : undefined,
        after ? gt(cleanupItems.position, after[0]) : undefined,
      ),
    )
    .orderBy(asc(cleanupItems.position))
    .limit(limit + 1);
  const page = cutPage(rows, limit, ({ item }) => [item.position]);
  return { ...page, items: page.items.map(toView) };
}

interface Row {
  item: typeof cleanupItems.$inferSelect;
  repository: string | null;
  worker: string | null;
  run: CleanupItemView["run"];
  workspacePath: string | null;
  controlPath: string | null;
}

function toView({ item, repository, worker, run, ...row }: Row): CleanupItemView {
  const { id, kind, status, workflow, workspaceId, bytes, freedBytes, reason } = item;
  return {
    ...{ id, kind, status, workflow, workspaceId, bytes, freedBytes, reason, worker, run },
    repository: repository ?? "",
    path: kind === "workspace" ? row.workspacePath : kind === "spool" ? row.controlPath : null,
    loses: item.loses,
    why: item.why,
    endedAt: item.endedAt,
  };
}

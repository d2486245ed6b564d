import { asc, eq, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { repositories, runs, workers } from "@/db/schema";
import type { RepositoryView } from "@/server/domain/views";

/** Repositories that meet a condition, by name, with how much they are used. */
export async function readRepositoryViews(
  db: Executor,
  { where, limit }: { where: SQL | undefined; limit: number },
): Promise<RepositoryView[]> {
  const ofRepository = sql`from ${runs} where ${runs.repositoryId} = ${repositories.id}`;
  return db
    .select({
      id: repositories.id,
      name: repositories.name,
      origin: repositories.origin,
      defaultBranch: repositories.defaultBranch,
      worker: workers.name,
      keptAtOriginSince: repositories.keptAtOriginSince,
      createdBy: repositories.createdBy,
      createdAt: repositories.createdAt,
      runs: sql`(select count(*) ${ofRepository})`.mapWith(Number),
      lastRunAt: sql`(select max(${runs.createdAt}) ${ofRepository})`.mapWith(
        runs.createdAt,
      ) as SQL<Date | null>,
    })
    .from(repositories)
    .leftJoin(workers, eq(workers.id, repositories.workerId))
    .where(where)
    .orderBy(asc(repositories.name))
    .limit(limit);
}

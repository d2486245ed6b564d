import { and, eq, isNull } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { commits, runs, workers } from "@/db/schema";
import { type RepositoryId, shaSchema } from "@/server/domain/ids";

/**
 * The name of the worker whose run made a commit: perhaps no other host has it. Null for whatever is no
 * commit of a run of ours, and for one whose host was declared lost.
 */
export async function findHostOfCommit(
  db: Executor,
  repositoryId: RepositoryId,
  ref: string | null | undefined,
): Promise<string | null> {
  const sha = shaSchema.safeParse(ref).data;
  if (!sha) return null;
  const [host] = await db
    .select({ name: workers.name })
    .from(commits)
    .innerJoin(runs, eq(runs.id, commits.runId))
    .innerJoin(workers, eq(workers.id, runs.workerId))
    .where(and(eq(commits.sha, sha), eq(runs.repositoryId, repositoryId), isNull(workers.lostAt)))
    .limit(1);
  return host?.name ?? null;
}

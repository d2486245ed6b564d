import type { RepositoryId, Sha } from "@/server/domain/ids";
import { refillSpares } from "@/server/workspaces/spare-workspaces";

/** What new workspaces of a repository were made from last: what spares are worth having. */
export interface PoolWish {
  repositoryId: RepositoryId;
  origin: string;
  head: Sha;
}

const sparesEach = 4;

/** Keeps a few checkouts ready for each repository that is in use. Answers how many it made. */
export async function refillPool(home: string, wishes: Iterable<PoolWish>): Promise<number> {
  let made = 0;
  for (const wish of wishes) made += await refillSpares({ ...wish, home, count: sparesEach });
  return made;
}

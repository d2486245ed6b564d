import type { RepositoryId, Sha } from "@/server/domain/ids";
import { refillSpares, removeHalfMadeSpares } from "@/server/workspaces/spare-workspaces";

/** What new workspaces of a repository were made from last: what spares are worth having. */
export interface PoolWish {
  repositoryId: RepositoryId;
  origin: string;
  head: Sha;
}

const sparesEach = 2;
/** Homes where this process has looked for what an earlier one left half-made. */
const tidied = new Set<string>();

/** Keeps a few checkouts ready for each repository that is in use; one more of each at a call. */
export async function refillPool(home: string, wishes: Iterable<PoolWish>): Promise<void> {
  if (!tidied.has(home)) await removeHalfMadeSpares(home);
  tidied.add(home);
  for (const wish of wishes) await refillSpares({ ...wish, home, count: sparesEach });
}

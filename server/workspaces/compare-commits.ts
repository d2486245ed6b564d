import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";

export interface CommitDistance {
  /** Commits of the first that the second does not have, and the other way round. */
  onlyInFirst: number;
  onlyInSecond: number;
}

/** How far two commits of the mirror have gone apart. @throws GitFailed */
export async function compareCommits(input: {
  home: string;
  repositoryId: RepositoryId;
  first: Sha;
  second: Sha;
}): Promise<CommitDistance> {
  const { home, repositoryId, first, second } = input;
  const range = `${shaSchema.parse(first)}...${shaSchema.parse(second)}`;
  const { stdout } = await git(["rev-list", "--left-right", "--count", range, "--"], {
    home,
    gitDir: mirrorPath(home, repositoryId),
  });
  const [onlyInFirst = 0, onlyInSecond = 0] = stdout.toString().trim().split(/\s+/).map(Number);
  return { onlyInFirst, onlyInSecond };
}

import type { RepositoryId, RunId, Sha } from "@/server/domain/ids";
import { gitInMirror } from "./git-in-mirror";
import { keepPrefix, mirrorPath } from "./layout";

/**
 * Holds commits that the mirror has and no ref names: each gets a keep ref of its run. Doing it again
 * changes nothing.
 * @throws GitFailed
 */
export async function keepCommits(input: {
  home: string;
  repositoryId: RepositoryId;
  commits: { runId: RunId; sha: Sha }[];
  signal?: AbortSignal;
}): Promise<void> {
  const { home, repositoryId, commits, signal } = input;
  if (commits.length === 0) return;
  // Attempts are numbered from 1; 0 stands for what was found without one.
  const lines = commits.map(({ runId, sha }) => `update ${keepPrefix(runId, 0)}/${sha} ${sha}\n`);
  await gitInMirror(mirrorPath(home, repositoryId), ["update-ref", "--stdin"], {
    home,
    input: lines.join(""),
    signal,
  });
}

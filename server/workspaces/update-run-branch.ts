import { parseBranchName } from "@/server/domain/git-names";
import { type RepositoryId, type RunId, type Sha, shaSchema } from "@/server/domain/ids";
import { GitFailed, git } from "./git";
import { gitInMirror } from "./git-in-mirror";
import { mirrorPath, runHeadRef } from "./layout";

export interface UpdateRunBranch {
  home: string;
  repositoryId: RepositoryId;
  runId: RunId;
  branch: string;
  headCommit: Sha;
  /** Where the branch is believed to stand in the mirror; null when it should not exist yet. */
  expected: Sha | null;
}

export interface UpdatedRunBranch {
  /** True when the branch now stands at `headCommit`. */
  isMoved: boolean;
  /** The ref that holds the run's work: the branch, or the run's own ref when the branch was taken. */
  ref: string;
  /** Where the branch stands instead, if it did not move. */
  foundCommit: Sha | null;
  notice: string | null;
}

/**
 * Records a run's head in the mirror: always under `refs/coppice/runs/<run>/head`, and as the
 * branch if that still stands where it was expected. Work of others on it is never overwritten.
 * @throws BadInput for an unusable branch name, GitFailed.
 */
export async function updateRunBranch(input: UpdateRunBranch): Promise<UpdatedRunBranch> {
  const ref = `refs/heads/${parseBranchName(input.branch)}`;
  const headCommit = shaSchema.parse(input.headCommit);
  const mirror = mirrorPath(input.home, input.repositoryId);
  const own = runHeadRef(input.runId);
  const old = input.expected ?? "0".repeat(headCommit.length);
  try {
    const both = `update ${own} ${headCommit}\nupdate ${ref} ${headCommit} ${old}\n`;
    await gitInMirror(mirror, ["update-ref", "--stdin"], { home: input.home, input: both });
    return { isMoved: true, ref, foundCommit: null, notice: null };
  } catch (error) {
    if (
      !(error instanceof GitFailed) ||
      !/cannot lock ref|reference already exists/.test(error.stderr)
    ) {
      throw error;
    }
    return keepBoth(input, mirror, ref, own, error);
  }
}

async function keepBoth(
  input: UpdateRunBranch,
  mirror: string,
  ref: string,
  own: string,
  error: GitFailed,
): Promise<UpdatedRunBranch> {
  const { home, branch, headCommit } = input;
  const found = await readRef(home, mirror, ref);
  await gitInMirror(mirror, ["update-ref", own, headCommit], { home });
  if (found === headCommit) return { isMoved: true, ref, foundCommit: null, notice: null };
  // The branch should move only if it does not exist, or stands where we left it.
  const why = found
    ? `${branch} has moved to ${found} meanwhile`
    : `${branch} cannot be made beside the branches there are (${error.message})`;
  const notice = `${why}; this run's work is kept as ${own}.`;
  return { isMoved: false, ref: own, foundCommit: found, notice };
}

async function readRef(home: string, mirror: string, ref: string): Promise<Sha | null> {
  const { stdout } = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", ref], {
    home,
    gitDir: mirror,
    okExitCodes: [0, 1],
  });
  return shaSchema.safeParse(stdout.toString().trim()).data ?? null;
}

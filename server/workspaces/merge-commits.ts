import type { FileConflict } from "@/server/domain/delivery";
import { Unprocessable } from "@/server/domain/errors";
import type { RepositoryId, Sha } from "@/server/domain/ids";
import { GitFailed, git } from "./git";
import { mirrorPath } from "./layout";
import { readConflicts } from "./read-conflicts";
import { coppiceIdentity, writeCommit } from "./write-commit";

export interface MergeCommits {
  home: string;
  repositoryId: RepositoryId;
  ours: Sha;
  theirs: Sha;
  /** What both are compared with; left out, git's own choice of their common history. */
  base?: Sha;
}

/** The tree of a merge, or where it does not merge. */
export type Merged = { tree: string; conflicts: null } | { tree: null; conflicts: FileConflict[] };

/**
 * Merges two commits in the mirror, without a checkout or an index. Writes objects under no ref.
 * @throws Unprocessable without a common history, GitFailed.
 */
export async function mergeCommits(input: MergeCommits): Promise<Merged> {
  const { home, repositoryId } = input;
  const sides = input.base ? await graft(input, input.base) : [input.ours, input.theirs];
  const { stdout, exitCode } = await git(
    ["merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", ...sides],
    { home, gitDir: mirrorPath(home, repositoryId), okExitCodes: [0, 1] },
  ).catch((error: unknown) => {
    if (!(error instanceof GitFailed) || !/unrelated histories/.test(error.stderr)) throw error;
    throw new Unprocessable("The work and the branch have no common history.", {
      hint: "Push the work as a branch of its own.",
      cause: error,
    });
  });
  const [tree = "", ...paths] = stdout.toString("utf8").split("\0").filter(Boolean);
  if (exitCode === 0) return { tree, conflicts: null };
  const conflicts = await readConflicts({ home, repositoryId, tree, paths: [...new Set(paths)] });
  return { tree: null, conflicts };
}

/** git before 2.40 takes no base, so both sides are made children of it. */
async function graft({ home, repositoryId, ours, theirs }: MergeCommits, base: Sha) {
  const at = new Date(0);
  const place = { home, repositoryId, parents: [base], at };
  return Promise.all(
    [ours, theirs].map((side) =>
      writeCommit({
        ...place,
        tree: `${side}^{tree}`,
        message: `${side}\n`,
        author: { ...coppiceIdentity, at },
      }),
    ),
  );
}

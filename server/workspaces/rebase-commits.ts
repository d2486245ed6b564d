import type { FileConflict } from "@/server/domain/delivery";
import { Unprocessable } from "@/server/domain/errors";
import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";
import { mergeCommits } from "./merge-commits";
import { writeCommit } from "./write-commit";

const maxCommits = 500;

export interface RebaseCommits {
  home: string;
  repositoryId: RepositoryId;
  onto: Sha;
  source: Sha;
  at: Date;
}

/**
 * Replays the commits that `onto` does not have on top of it, in the mirror, one by one. Authors and
 * messages stay; merges are left out as git's own rebase does, and so is what changes nothing any more.
 * @throws Unprocessable for too many commits or no common history, GitFailed.
 */
export async function rebaseCommits(
  input: RebaseCommits,
): Promise<{ sha: Sha } | { conflicts: FileConflict[] }> {
  const { home, repositoryId, onto, at } = input;
  let head = onto;
  for (const commit of await listReplayed(input)) {
    const merged = await mergeCommits({
      ...{ home, repositoryId },
      ours: head,
      theirs: commit.sha,
      base: commit.parent,
    });
    if (merged.conflicts) return { conflicts: merged.conflicts };
    if (merged.tree === (await readTree(home, repositoryId, head))) continue;
    head = await writeCommit({
      ...{ home, repositoryId, at },
      tree: merged.tree,
      parents: [head],
      message: commit.message,
      author: commit.author,
    });
  }
  return { sha: head };
}

interface Replayed {
  sha: Sha;
  parent: Sha;
  author: { name: string; email: string; at: Date };
  message: string;
}

async function listReplayed({ home, repositoryId, onto, source }: RebaseCommits) {
  const format = "--format=%H%x00%P%x00%an%x00%ae%x00%at%x00%B";
  const range = `${shaSchema.parse(onto)}..${shaSchema.parse(source)}`;
  const args = ["log", "--reverse", "--topo-order", "--no-merges", "-z"];
  const { stdout } = await git([...args, `--max-count=${maxCommits + 1}`, format, range, "--"], {
    home,
    gitDir: mirrorPath(home, repositoryId),
  });
  const fields = stdout.toString("utf8").split("\0");
  const commits: Replayed[] = [];
  for (let at = 0; at + 5 < fields.length; at += 6) {
    const [sha, parents = "", name = "", email = "", seconds, message = ""] = fields.slice(at);
    const parent = shaSchema.safeParse(parents.split(" ")[0]);
    if (!parent.success) {
      throw new Unprocessable("The work and the branch have no common history.", {
        hint: "Push the work as a branch of its own.",
      });
    }
    const author = { name, email, at: new Date(Number(seconds) * 1000) };
    commits.push({ sha: shaSchema.parse(sha), parent: parent.data, author, message });
  }
  if (commits.length > maxCommits) {
    throw new Unprocessable(`More than ${maxCommits} commits are not rebased.`, {
      hint: "Deliver with a merge commit or a squash.",
    });
  }
  return commits;
}

async function readTree(home: string, repositoryId: RepositoryId, commit: Sha): Promise<string> {
  const { stdout } = await git(["rev-parse", "--verify", "--end-of-options", `${commit}^{tree}`], {
    home,
    gitDir: mirrorPath(home, repositoryId),
  });
  return stdout.toString().trim();
}

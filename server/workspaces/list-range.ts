import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";

const maxCommits = 200;
const maxFiles = 500;

export interface CommitRange {
  commits: { sha: string; title: string; author: string }[];
  files: { path: string; additions: number; deletions: number }[];
  fileCount: number;
  additions: number;
  deletions: number;
}

/**
 * The commits of `source` that `target` does not have, the newest first and 200 at most, and the files
 * that differ between `from` and `to`, 500 at most; the counts are of the whole.
 * @throws GitFailed
 */
export async function listRange(input: {
  home: string;
  repositoryId: RepositoryId;
  target: Sha;
  source: Sha;
  from: Sha;
  to: Sha;
}): Promise<CommitRange> {
  const { home, repositoryId, target, source, from, to } = input;
  const options = { home, gitDir: mirrorPath(home, repositoryId) };
  const range = `${shaSchema.parse(target)}..${shaSchema.parse(source)}`;
  const how = ["--numstat", "-z", "-r", "--no-renames", "--no-ext-diff", "--no-textconv"];
  const [log, diff] = await Promise.all([
    git(["log", `--max-count=${maxCommits}`, "--format=%H%x00%an%x00%s", range, "--"], options),
    git(["diff-tree", ...how, shaSchema.parse(from), shaSchema.parse(to), "--"], options),
  ]);
  const commits = log.stdout
    .toString("utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [sha = "", author = "", title = ""] = line.split("\0");
      return { sha, author, title };
    });
  const files = diff.stdout
    .toString("utf8")
    .split("\0")
    .flatMap((field) => {
      const [, added, deleted, path] = /^(\d+|-)\t(\d+|-)\t([\s\S]+)$/.exec(field) ?? [];
      if (!path) return [];
      return [{ path, additions: Number(added) || 0, deletions: Number(deleted) || 0 }];
    });
  return {
    commits,
    files: files.slice(0, maxFiles),
    fileCount: files.length,
    additions: files.reduce((sum, { additions }) => sum + additions, 0),
    deletions: files.reduce((sum, { deletions }) => sum + deletions, 0),
  };
}

/** The newest commit that two have in common; null: none. @throws GitFailed */
export async function findMergeBase(
  home: string,
  repositoryId: RepositoryId,
  one: Sha,
  other: Sha,
): Promise<Sha | null> {
  const { stdout } = await git(["merge-base", shaSchema.parse(one), shaSchema.parse(other)], {
    home,
    gitDir: mirrorPath(home, repositoryId),
    okExitCodes: [0, 1],
  });
  return shaSchema.safeParse(stdout.toString().trim()).data ?? null;
}

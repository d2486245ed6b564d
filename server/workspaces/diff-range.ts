import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";
import { readStats } from "./list-commits";
import { decodePatch } from "./read-patches";

export interface DiffRange {
  home: string;
  repositoryId: RepositoryId;
  from: Sha;
  to: Sha;
  /** The patch is cut there, at the end of a line. */
  maxBytes: number;
  signal?: AbortSignal;
}

export interface RangeDiff {
  patch: string;
  isCut: boolean;
  files: number;
  additions: number;
  deletions: number;
}

/**
 * Compares two commits of the mirror; the counts are of the whole, the patch may be cut.
 * @throws GitFailed
 */
export async function diffRange(input: DiffRange): Promise<RangeDiff> {
  const { home, from, to, maxBytes, signal } = input;
  if (from === to) return { patch: "", isCut: false, files: 0, additions: 0, deletions: 0 };
  const options = { home, gitDir: mirrorPath(home, input.repositoryId), signal };
  const how = ["-r", "-M", "--no-ext-diff", "--no-textconv", "--no-color"];
  const range = [shaSchema.parse(from), shaSchema.parse(to), "--"];
  const [patch, numbers] = await Promise.all([
    git(["diff-tree", "-p", ...how, ...range], {
      ...options,
      maxOutputBytes: maxBytes,
      whenTooLong: "cut",
    }),
    git(["diff-tree", "--numstat", "-z", ...how, ...range], options),
  ]);
  const { files, additions, deletions } = readStats(numbers.stdout.toString("utf8").split("\0"), 0);
  return {
    patch: decodePatch(patch.stdout, patch.isCut),
    isCut: patch.isCut,
    files,
    additions,
    deletions,
  };
}

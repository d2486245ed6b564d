import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";
import { readPatches } from "./read-patches";

export interface ListCommits {
  home: string;
  repositoryId: RepositoryId;
  baseCommit: Sha;
  headCommit: Sha;
  /** A longer patch is cut there. */
  maxPatchBytes: number;
  /** The newest ones are listed when there are more. Default 1,000. */
  maxCommits?: number;
  signal?: AbortSignal;
}

export interface CommitFacts {
  sha: Sha;
  parents: Sha[];
  authorName: string;
  authorEmail: string;
  message: string;
  /** When it was authored. */
  at: Date;
  additions: number;
  deletions: number;
  /** Number of files changed; of a merge, against its first parent. */
  files: number;
  /** Null for an empty commit and beyond the total that is read. */
  patch: string | null;
  isPatchCut: boolean;
}

type Facts = Omit<CommitFacts, "patch" | "isPatchCut">;

/**
 * Lists the commits between two, oldest first, with their stats and patches: `rev-list base..head`.
 * Takes two processes whatever their number.
 * @throws GitFailed
 */
export async function listCommits(input: ListCommits): Promise<CommitFacts[]> {
  if (input.baseCommit === input.headCommit) return [];
  const [commits, patches] = await Promise.all([listFacts(input), readPatches(input)]);
  return commits.map((facts) => {
    const found = patches.get(facts.sha);
    return { ...facts, patch: found?.text ?? null, isPatchCut: found?.isCut ?? facts.files > 0 };
  });
}

/** The arguments that both readings share, so that they speak of the same commits and changes. */
export function composeLogArgs(input: ListCommits, ...shape: string[]): string[] {
  const max = `--max-count=${input.maxCommits ?? 1000}`;
  const how = ["--topo-order", "--reverse", "-M", "--diff-merges=first-parent", "--no-ext-diff"];
  const range = `${shaSchema.parse(input.baseCommit)}..${shaSchema.parse(input.headCommit)}`;
  return ["log", max, ...how, "--no-textconv", "--no-color", ...shape, range, "--"];
}

const format = "--format=commit %H%x00%P%x00%an%x00%ae%x00%at%x00%B%x00";

async function listFacts(input: ListCommits): Promise<Facts[]> {
  const { stdout } = await git(composeLogArgs(input, "-z", "--numstat", format), {
    home: input.home,
    gitDir: mirrorPath(input.home, input.repositoryId),
    maxOutputBytes: 256 * 1024 * 1024,
    signal: input.signal,
  });
  return readFacts(stdout.toString("utf8"));
}

/** Six fields, then one field per changed file until the next commit's mark; a rename takes three. */
function readFacts(text: string): Facts[] {
  const fields = text.split("\0");
  const commits: Facts[] = [];
  let position = 0;
  while (position < fields.length) {
    const mark = /^\n?commit ([0-9a-f]+)$/.exec(fields[position] ?? "");
    if (!mark) {
      position += 1;
      continue;
    }
    const [parents = "", authorName = "", authorEmail = "", seconds = "0", message = ""] =
      fields.slice(position + 1, position + 6);
    const stats = readStats(fields, position + 6);
    commits.push({
      sha: shaSchema.parse(mark[1]),
      parents: parents
        .split(" ")
        .filter(Boolean)
        .map((parent) => shaSchema.parse(parent)),
      authorName,
      authorEmail,
      message: message.trimEnd(),
      at: new Date(Number(seconds) * 1000),
      additions: stats.additions,
      deletions: stats.deletions,
      files: stats.files,
    });
    position = stats.next;
  }
  return commits;
}

/** `added TAB deleted TAB name`; binary files have “-”, renames an empty name and two fields more. */
function readStats(fields: string[], start: number) {
  const stats = { additions: 0, deletions: 0, files: 0, next: start };
  for (; stats.next < fields.length; stats.next += 1) {
    const field = fields[stats.next] ?? "";
    const match = /^\n?(\d+|-)\t(\d+|-)\t/.exec(field);
    if (!match) {
      if (field.replace(/^\n/, "") === "") continue;
      return stats;
    }
    stats.files += 1;
    stats.additions += Number(match[1]) || 0;
    stats.deletions += Number(match[2]) || 0;
    if (field.length === match[0].length) stats.next += 2;
  }
  return stats;
}

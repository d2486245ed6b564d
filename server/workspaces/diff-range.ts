import { type FileChange, maxListedChanges } from "@/server/domain/diff";
import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";
import { diffTreeArgs, listChanges } from "./list-changes";
import { decodePatch } from "./read-patches";

export interface DiffRange {
  home: string;
  repositoryId: RepositoryId;
  from: Sha;
  to: Sha;
  /** The patch is cut there, at the end of a line. */
  maxBytes: number;
  /** Changes of white space alone count for nothing. */
  isSpaceIgnored?: boolean;
  /** The patch of this file alone, however large the file is. */
  path?: string | null;
  signal?: AbortSignal;
}

export interface RangeDiff {
  patch: string;
  isCut: boolean;
  files: number;
  additions: number;
  deletions: number;
  /** The first ten thousand of them. */
  changes: FileChange[];
}

const nothing: RangeDiff = {
  ...{ patch: "", isCut: false, files: 0, additions: 0, deletions: 0 },
  changes: [],
};

/** More pathspecs make git slow and the command long; beyond them a huge file is in the patch. */
const maxLeftOut = 500;

/**
 * Compares two commits of the mirror; the counts are of the whole, the patch may be cut. The patch of a
 * huge file is left out unless its path is asked for.
 * @throws GitFailed
 */
export async function diffRange(input: DiffRange): Promise<RangeDiff> {
  const { home, from, to, path } = input;
  if (from === to) return nothing;
  const where = { home, gitDir: mirrorPath(home, input.repositoryId), signal: input.signal };
  const range = [shaSchema.parse(from), shaSchema.parse(to)] as const;
  const how = input.isSpaceIgnored ? ["-w"] : [];
  const all = await listChanges(range, how, where);
  const changes = path ? all.filter((change) => change.path === path) : all;
  const shown = path ? changes : changes.filter(({ isHuge }) => !isHuge);
  const isWhole = shown.length === all.length || changes.length - shown.length > maxLeftOut;
  const patch =
    shown.length === 0 || input.maxBytes === 0
      ? { text: "", isCut: shown.length > 0 }
      : await readPatch([...how, ...range, "--"], isWhole ? [] : pathspecs(changes, path), input);
  return {
    patch: patch.text,
    isCut: patch.isCut,
    files: changes.length,
    additions: sum(changes, "additions"),
    deletions: sum(changes, "deletions"),
    changes: changes.slice(0, maxListedChanges),
  };
}

async function readPatch(args: string[], specs: string[], input: DiffRange) {
  const { home, maxBytes, signal } = input;
  const patch = await git(["diff-tree", "-p", "--full-index", ...diffTreeArgs, ...args, ...specs], {
    ...{ home, gitDir: mirrorPath(home, input.repositoryId), signal },
    maxOutputBytes: maxBytes,
    whenTooLong: "cut",
  });
  // A NUL far inside a file does not make it binary for git, and the database takes none.
  const text = decodePatch(patch.stdout, patch.isCut).replaceAll("\0", "\uFFFD");
  return { text, isCut: patch.isCut };
}

/** Both names of a renamed file, so that git finds the pair again. */
function pathspecs(changes: FileChange[], path: string | null | undefined): string[] {
  const meant = path ? changes : changes.filter(({ isHuge }) => isHuge);
  const magic = path ? ":(literal)" : ":(exclude,literal)";
  return meant.flatMap((change) =>
    [change.path, change.previousPath].flatMap((name) => (name ? [`${magic}${name}`] : [])),
  );
}

function sum(changes: FileChange[], what: "additions" | "deletions"): number {
  return changes.reduce((total, change) => total + change[what], 0);
}

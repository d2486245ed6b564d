import { type ChangeKind, type FileChange, hugeFileBytes } from "@/server/domain/diff";
import { git } from "./git";

/** What `diff-tree` is told in each of its calls, so that they all speak of the same changes. */
export const diffTreeArgs = ["-r", "-M", "--no-ext-diff", "--no-textconv", "--no-color"];

type Where = { home: string; gitDir: string; signal?: AbortSignal | undefined };

/**
 * The files that differ between two commits, in git's order. With `-w` among `how`, a file that differs
 * by white space alone is none of them.
 * @throws GitFailed
 */
export async function listChanges(
  range: readonly [from: string, to: string],
  how: string[],
  where: Where,
): Promise<FileChange[]> {
  const args = ["--raw", "--numstat", "--abbrev=64", "-z", ...diffTreeArgs, ...how];
  const { stdout } = await git(["diff-tree", ...args, ...range, "--"], where);
  const changes = readChanges(stdout.toString("utf8").split("\0"));
  const shown = how.includes("-w") ? changes.filter(isMoreThanSpace) : changes;
  const sizes = await measureObjects(shown, where);
  return shown.map((change) => {
    const found = [change.oldObject, change.newObject].flatMap((id) => sizes.get(id) ?? []);
    const bytes = found.length > 0 ? Math.max(...found) : null;
    return { ...change, bytes, isHuge: !change.isBinary && (bytes ?? 0) >= hugeFileBytes };
  });
}

const kinds: Record<string, ChangeKind> = {
  A: "added",
  C: "added",
  D: "deleted",
  R: "renamed",
  T: "type",
};

/** First the raw entries, each followed by one path or two, then the counts of the same files. */
function readChanges(fields: string[]): FileChange[] {
  const changes: FileChange[] = [];
  let at = 0;
  for (let match = readRaw(fields[at]); match; match = readRaw(fields[at])) {
    const [, oldMode = "", newMode = "", oldObject = "", newObject = "", letter = ""] = match;
    const hasTwo = letter === "R" || letter === "C";
    const path = fields[at + (hasTwo ? 2 : 1)] ?? "";
    const isModeAlone = letter === "M" && oldObject === newObject;
    changes.push({
      ...{ path, oldMode, newMode, oldObject, newObject },
      previousPath: letter === "R" ? (fields[at + 1] ?? "") : null,
      kind: isModeAlone ? "mode" : (kinds[letter] ?? "modified"),
      ...{ isBinary: false, additions: 0, deletions: 0, bytes: null, isHuge: false },
    });
    at += hasTwo ? 3 : 2;
  }
  addCounts(changes, fields.slice(at));
  return changes;
}

const readRaw = (field = "") => /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/.exec(field);

/** `added TAB deleted TAB path`; binary files have “-”, renames an empty path and two fields more. */
function addCounts(changes: FileChange[], fields: string[]): void {
  const byPath = new Map(changes.map((change) => [change.path, change]));
  for (let at = 0; at < fields.length; at += 1) {
    const match = /^(\d+|-)\t(\d+|-)\t([\s\S]*)$/.exec(fields[at] ?? "");
    if (!match) continue;
    const [, added = "", deleted = "", own = ""] = match;
    if (own === "") at += 2;
    const change = byPath.get(own === "" ? (fields[at] ?? "") : own);
    if (!change) continue;
    change.isBinary = added === "-";
    change.additions = Number(added) || 0;
    change.deletions = Number(deleted) || 0;
  }
}

function isMoreThanSpace(change: FileChange): boolean {
  const isPlain = change.kind === "modified" && change.oldMode === change.newMode;
  return !isPlain || change.isBinary || change.additions + change.deletions > 0;
}

async function measureObjects(changes: FileChange[], where: Where): Promise<Map<string, number>> {
  const ids = new Set(changes.flatMap(({ oldObject, newObject }) => [oldObject, newObject]));
  const real = [...ids].filter((id) => !/^0+$/.test(id));
  if (real.length === 0) return new Map();
  const { stdout } = await git(["cat-file", "--batch-check=%(objectname) %(objectsize)"], {
    ...where,
    input: `${real.join("\n")}\n`,
  });
  const lines = stdout.toString("utf8").split("\n");
  return new Map(
    lines.flatMap((line) => {
      const match = /^([0-9a-f]+) (\d+)$/.exec(line);
      return match ? [[match[1] ?? "", Number(match[2])] as const] : [];
    }),
  );
}

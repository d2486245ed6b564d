import { type FileChange, hugeLineLength, type RunDiff } from "@/server/domain/diff";
import { splitPatch } from "@/server/domain/split-patch";

/** Why the patch of a file is not shown at once; `left_out`: the whole patch ended before it. */
export type HeldBack = "binary" | "huge" | "long_line" | "left_out" | "no_lines";

export interface DiffFile {
  change: FileChange;
  /** Null where the patch does not have it. */
  patch: string | null;
  heldBack: HeldBack | null;
}

/** Each change with its part of the patch. The last part of a cut patch is not whole, and counts as none. */
export function matchFiles({ patch, isCut, changes }: RunDiff): DiffFile[] {
  const sections = splitPatch(patch);
  const whole = isCut ? sections.slice(0, -1) : sections;
  const byPath = new Map<string, string>();
  for (const { newPath, oldPath, text } of whole) {
    const path = newPath ?? oldPath ?? "";
    byPath.set(path, (byPath.get(path) ?? "") + text); // a file that became a link has two parts
  }
  return changes.map((change) => {
    const own = byPath.get(change.path) ?? null;
    return { change, patch: own, heldBack: decideHeldBack(change, own) };
  });
}

function decideHeldBack(change: FileChange, patch: string | null): HeldBack | null {
  if (change.isBinary) return "binary";
  if (change.isHuge && patch === null) return "huge";
  if (patch === null) return "left_out";
  if (!/^@@ /m.test(patch)) return "no_lines";
  return hasLongLine(patch) ? "long_line" : null;
}

function hasLongLine(patch: string): boolean {
  let start = 0;
  for (let end = patch.indexOf("\n"); end >= 0; end = patch.indexOf("\n", start)) {
    if (end - start >= hugeLineLength) return true;
    start = end + 1;
  }
  return patch.length - start >= hugeLineLength;
}

/** A browser cannot lay out a line of megabytes: what is beyond the limit is left out. */
export function cutLongLines(patch: string): string {
  return patch
    .split("\n")
    .map((line) =>
      line.length > hugeLineLength
        ? `${line.slice(0, hugeLineLength)} … ${line.length - hugeLineLength} more characters`
        : line,
    )
    .join("\n");
}

import type { FileDiffMetadata, SelectedLineRange } from "@pierre/diffs";
import type { DiffSide } from "@/server/domain/review";

export interface LineRange {
  side: DiffSide;
  line: number;
  endLine: number;
}

/** What was marked with the pointer; of a range over both sides the lines of its end. */
export function toLineRange({ start, end, side, endSide }: SelectedLineRange): LineRange {
  const last = endSide ?? side ?? "additions";
  const first = (side ?? last) === last ? start : end;
  return {
    side: last === "deletions" ? "old" : "new",
    line: Math.min(first, end),
    endLine: Math.max(first, end),
  };
}

/** The first line that a file's patch changes: where a comment by keyboard begins. */
export function findFirstChange(file: FileDiffMetadata): LineRange | null {
  for (const hunk of file.hunks) {
    for (const part of hunk.hunkContent) {
      if (part.type !== "change") continue;
      const isNew = part.additions > 0;
      const line = isNew
        ? hunk.additionStart + part.additionLineIndex - hunk.additionLineIndex
        : hunk.deletionStart + part.deletionLineIndex - hunk.deletionLineIndex;
      return { side: isNew ? "new" : "old", line, endLine: line };
    }
  }
  return null;
}

/** The code of these lines, as far as the patch shows them. */
export function quoteLines(file: FileDiffMetadata, { side, line, endLine }: LineRange): string {
  const lines = side === "new" ? file.additionLines : file.deletionLines;
  const quoted: string[] = [];
  for (const hunk of file.hunks) {
    const [start, count, index] =
      side === "new"
        ? [hunk.additionStart, hunk.additionCount, hunk.additionLineIndex]
        : [hunk.deletionStart, hunk.deletionCount, hunk.deletionLineIndex];
    const from = Math.max(line, start);
    const to = Math.min(endLine, start + count - 1);
    if (from <= to) quoted.push(...lines.slice(index + from - start, index + to - start + 1));
  }
  return quoted.map((text) => text.replace(/\r?\n$/, "")).join("\n");
}

import type { DiffSide } from "./review";
import { splitPatch } from "./split-patch";

export interface CommentedLines {
  path: string;
  side: DiffSide;
  line: number;
  endLine: number;
}

export interface ChangedFiles {
  /** Between the commit that was commented on and the head of the run that was told. */
  patch: string;
  /** All that differ, also where the patch does not show them. */
  files: { path: string; previousPath: string | null }[];
}

/**
 * Whether the lines that a comment is on were changed since: one of them changed or removed, or lines put
 * in among or right beside them. A renamed file is followed; one that is gone, or whose patch is not
 * shown, counts as changed, and so does any change of the file for a comment on lines that were gone
 * already. Lines are those of the older commit.
 */
export function decideTouched(comment: CommentedLines, changed: ChangedFiles): boolean {
  const isOf = (name: string | null) => name === comment.path;
  const file = changed.files.find(({ path, previousPath }) => isOf(previousPath ?? path));
  if (!file) return false;
  if (comment.side === "old") return true;
  const sections = splitPatch(changed.patch).filter(({ oldPath }) => isOf(oldPath));
  if (sections.length === 0) return true;
  return sections.some(({ newPath, text }) => newPath === null || touches(text, comment));
}

function touches(section: string, { line, endLine }: CommentedLines): boolean {
  let at = 0;
  let hasHunk = false;
  // What stands after removed lines replaces those, and is not put in beside their neighbours.
  let isReplacing = false;
  for (const text of section.split("\n")) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? /.exec(text);
    if (hunk) {
      hasHunk = true;
      isReplacing = false;
      // Of a hunk without old lines git names the line before it.
      at = Number(hunk[1]) + (hunk[2] === "0" ? 1 : 0);
    } else if (hasHunk && text.startsWith(" ")) {
      isReplacing = false;
      at += 1;
    } else if (hasHunk && text.startsWith("-")) {
      if (at >= line && at <= endLine) return true;
      isReplacing = true;
      at += 1;
    } else if (hasHunk && text.startsWith("+") && !isReplacing) {
      if (at >= line && at <= endLine + 1) return true;
    }
  }
  return !hasHunk && /^Binary files /m.test(section);
}

import type { DiffSide } from "@/server/domain/review";

export interface ComposedComment {
  path: string;
  side: DiffSide;
  line: number;
  endLine: number;
  quote: string;
  body: string;
}

/** One message to an agent: the note, then each comment with its file, its lines and the code it is on. */
export function composeReview(note: string | null, comments: ComposedComment[]): string {
  const parts = [note?.trim() || openingOf(comments.length)];
  for (const [index, comment] of comments.entries()) {
    parts.push(`${index + 1}. ${placeOf(comment)}:`);
    if (comment.quote !== "") parts.push(fence(comment.quote));
    parts.push(comment.body.trim());
  }
  return parts.join("\n\n");
}

function openingOf(count: number): string {
  return count === 1
    ? "I reviewed your changes. Please address this comment."
    : `I reviewed your changes. Please address these ${count} comments.`;
}

function placeOf({ path, side, line, endLine }: ComposedComment): string {
  const lines = line === endLine ? `line ${line}` : `lines ${line}-${endLine}`;
  return `\`${path}\`, ${lines}${side === "old" ? " before your changes" : ""}`;
}

/** Longer than any run of backticks inside, so that the quoted code cannot end it. */
function fence(code: string): string {
  const longest = Math.max(0, ...(code.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const marks = "`".repeat(Math.max(3, longest + 1));
  return `${marks}\n${code.replace(/\n+$/, "")}\n${marks}`;
}

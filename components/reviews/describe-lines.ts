import type { LineRange } from "@/components/diff/line-range";

/** “line 3” or “lines 3–5”; of the old side, “old lines 3–5”. */
export function describeLines({ side, line, endLine }: LineRange): string {
  const old = side === "old" ? "old " : "";
  return line === endLine ? `${old}line ${line}` : `${old}lines ${line}–${endLine}`;
}

/** Why output was cut: its run ended long ago, it was too large, or all output together was. */
export const trimReasons = ["too_old", "too_large", "total_too_large"] as const;
export type TrimReason = (typeof trimReasons)[number];

/** Bytes `from` … `to` (exclusive) of a stream that are gone for good. Offsets of what stays are true. */
export interface OutputTrim {
  from: number;
  to: number;
  /** As ISO text. */
  at: string;
  reason: TrimReason;
}

const reasonWords: Record<TrimReason, string> = {
  too_old: "its run ended longer ago than output is kept",
  too_large: "it was larger than the limit for one attempt",
  total_too_large: "all stored output together was larger than its limit",
};

/** One sentence for the place of what was removed. */
export function describeTrim({ from, to, at, reason }: OutputTrim): string {
  return `${to - from} bytes of output (${from} to ${to}) were removed on ${at.slice(0, 10)} by the retention policy: ${reasonWords[reason]}.`;
}

/** The same for a transcript's entries. */
export function describeTrimmedEntries(trim: {
  entries: number;
  bytes: number;
  at: string;
  reason: TrimReason;
}): string {
  const { entries, bytes, at, reason } = trim;
  return `${entries} entries (${bytes} bytes) were removed on ${at.slice(0, 10)} by the retention policy: ${reasonWords[reason]}.`;
}

/** The marker as it stands in raw output, on a line of its own. */
export function writeTrimMarker(trim: OutputTrim): string {
  return `\n[coppice: ${describeTrim(trim)}]\n`;
}

export const trimHeader = "x-coppice-output-trimmed";

/** A trim as a header's value, and back; null for what is none. */
export const writeTrimHeader = (trim: OutputTrim): string => JSON.stringify(trim);
export function readTrimHeader(value: string | null): OutputTrim | null {
  const trim = value ? (parseJson(value) as Partial<OutputTrim> | null) : null;
  if (!trim || typeof trim.from !== "number" || typeof trim.to !== "number") return null;
  const { from, to, at, reason } = trim;
  const isKnown = trimReasons.some((one) => one === reason);
  return isKnown && typeof at === "string" ? { from, to, at, reason: reason as TrimReason } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A stored piece: a chunk of output by its offset, an entry by its number. */
export interface Piece {
  at: number;
  bytes: number;
}

export interface Hole {
  first: number;
  last: number;
  pieces: number;
  bytes: number;
}

/**
 * Which whole pieces lie between a beginning and an end of at least these sizes; null when none do.
 * What an earlier trim left out simply isn't among the pieces.
 */
export function findHole(
  pieces: readonly Piece[],
  keep: { head: number; tail: number },
): Hole | null {
  let before = 0;
  let first = 0;
  while (first < pieces.length && before < keep.head) before += pieces[first++]?.bytes ?? 0;
  let after = 0;
  let last = pieces.length - 1;
  while (last >= first && after < keep.tail) after += pieces[last--]?.bytes ?? 0;
  const hole = pieces.slice(first, last + 1);
  const [start, end] = [hole[0], hole.at(-1)];
  if (!start || !end) return null;
  const bytes = hole.reduce((sum, piece) => sum + piece.bytes, 0);
  return { first: start.at, last: end.at, pieces: hole.length, bytes };
}

/** What stays of a stream that is cut to `bytes`: a quarter at the beginning, the rest at the end. */
export function splitKept(bytes: number): { head: number; tail: number } {
  const head = Math.floor(bytes / 4);
  return { head, tail: bytes - head };
}

/** What stays of a stream whose run ended long ago. */
export const agedKeepBytes = 256 * 1024;
/** Less than this is not worth a cut; two chunks' borders lie inside it. */
export const leastTrimBytes = 1024 ** 2;

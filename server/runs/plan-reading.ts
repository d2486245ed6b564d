import { type OutputTrim, writeTrimMarker } from "@/server/domain/output-trim";

interface ByteRange {
  from: number;
  to: number;
}

/** Bytes to read, or a marker to put in between. */
export type ReadingPart = ByteRange | { marker: string };

/**
 * What a range of output gives when part of the stream was removed. With a marker: all that is left,
 * the marker in place of the rest. Without: one unbroken piece, so that offsets can be counted on.
 */
export function planReading(
  wanted: ByteRange,
  trim: OutputTrim | null,
  withMarker: boolean,
): ByteRange & { parts: ReadingPart[]; length: number } {
  const isTouched = trim && wanted.from < trim.to && wanted.to > trim.from;
  if (!isTouched) return sum(wanted, [wanted]);
  const before = { from: wanted.from, to: trim.from };
  const behind = { from: trim.to, to: wanted.to };
  if (withMarker) return sum(wanted, [before, { marker: writeTrimMarker(trim) }, behind]);
  if (wanted.from < trim.from) return sum(before, [before]);
  const piece = { from: trim.to, to: Math.max(trim.to, wanted.to) };
  return sum(piece, [piece]);
}

function sum(range: ByteRange, all: ReadingPart[]) {
  const parts = all.filter((part) => "marker" in part || part.from < part.to);
  const length = parts.reduce(
    (bytes, part) =>
      bytes + ("marker" in part ? Buffer.byteLength(part.marker) : part.to - part.from),
    0,
  );
  return { ...range, parts, length };
}

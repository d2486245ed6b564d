/** Whole lines of an output, kept as bytes; `starts` are the lines' offsets in them. */
interface Chunk {
  from: number;
  bytes: Uint8Array;
  starts: Uint32Array;
}

/**
 * One contiguous part of an output, which may be far larger than what is held here. `firstLine`
 * counts from wherever the window was opened: it falls when lines are put before and rises when
 * lines are dropped there, so that a view can stay where it is.
 */
export interface OutputWindow {
  chunks: readonly Chunk[];
  firstLine: number;
  lineCount: number;
}

export const windowLimits = { maxBytes: 8 * 1024 * 1024, maxLines: 400_000 };

const newline = 10;
const decoder = new TextDecoder();

export const emptyWindow: OutputWindow = { chunks: [], firstLine: 0, lineCount: 0 };

/**
 * A window over `bytes`. A line that began before them is left out, unless it is all there is or
 * nothing is left before it.
 */
export function openWindow(from: number, bytes: Uint8Array, isEdge = false): OutputWindow {
  if (isEdge) return build([{ from, bytes, starts: findStarts(bytes) }], 0);
  return build([cutChunk(from, bytes)], 0);
}

/** Puts the bytes that end where the window begins before it; drops its far end when too large. */
export function extendUp(window: OutputWindow, from: number, bytes: Uint8Array): OutputWindow {
  const chunk = cutChunk(from, bytes);
  const chunks = [chunk, ...window.chunks];
  while (isTooLarge(chunks)) chunks.pop();
  return build(chunks, window.firstLine - chunk.starts.length);
}

/** Puts the bytes that begin where the window ends behind it; drops its beginning when too large. */
export function extendDown(window: OutputWindow, bytes: Uint8Array): OutputWindow {
  const last = window.chunks.at(-1);
  if (!last) return openWindow(0, bytes);
  const chunks = window.chunks.slice(0, -1);
  const lineEnd = last.bytes.lastIndexOf(newline) + 1;
  const whole = last.bytes.subarray(0, lineEnd);
  if (whole.length > 0) chunks.push({ from: last.from, bytes: whole, starts: findStarts(whole) });
  const joined = join(last.bytes.subarray(lineEnd), bytes);
  chunks.push({ from: last.from + lineEnd, bytes: joined, starts: findStarts(joined) });
  let dropped = 0;
  while (isTooLarge(chunks)) dropped += chunks.shift()?.starts.length ?? 0;
  return build(chunks, window.firstLine + dropped);
}

export function windowFrom(window: OutputWindow): number {
  return window.chunks[0]?.from ?? 0;
}

export function windowTo(window: OutputWindow): number {
  const last = window.chunks.at(-1);
  return last ? last.from + last.bytes.length : 0;
}

/** The text of a line of the window, counted from 0, without its line break. */
export function lineAt(window: OutputWindow, index: number): string {
  let left = index;
  for (const { bytes, starts } of window.chunks) {
    if (left >= starts.length) {
      left -= starts.length;
      continue;
    }
    const start = starts[left] ?? 0;
    const next = starts[left + 1] ?? bytes.length;
    const end = bytes[next - 1] === newline ? next - 1 : next;
    return decoder.decode(bytes.subarray(start, end));
  }
  return "";
}

function cutChunk(from: number, bytes: Uint8Array): Chunk {
  const skipped = from === 0 ? 0 : bytes.indexOf(newline) + 1;
  const kept = skipped < bytes.length ? bytes.subarray(skipped) : bytes;
  return { from: from + bytes.length - kept.length, bytes: kept, starts: findStarts(kept) };
}

function findStarts(bytes: Uint8Array): Uint32Array {
  const starts: number[] = bytes.length > 0 ? [0] : [];
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) {
    if (at + 1 < bytes.length) starts.push(at + 1);
  }
  return Uint32Array.from(starts);
}

function build(chunks: Chunk[], firstLine: number): OutputWindow {
  const lineCount = chunks.reduce((sum, chunk) => sum + chunk.starts.length, 0);
  return { chunks, firstLine, lineCount };
}

function isTooLarge(chunks: Chunk[]): boolean {
  if (chunks.length < 3) return false;
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
  const lines = chunks.reduce((sum, chunk) => sum + chunk.starts.length, 0);
  return bytes > windowLimits.maxBytes || lines > windowLimits.maxLines;
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

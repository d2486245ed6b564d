/** One line of a diff: kept, added, removed, or `gap`: a word about lines that are left out. */
export interface DiffLine {
  sign: " " | "+" | "-" | "gap";
  text: string;
}

const contextLines = 3;
/** Beyond this many pairs of lines the middle is shown as replaced, so that a page never stalls. */
const maxPairs = 400_000;

/** What changed from one text to another, line by line, with three lines around each change. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [left, right] = [toLines(before), toLines(after)];
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let tail = 0;
  const room = Math.min(left.length, right.length) - start;
  while (tail < room && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail += 1;
  return foldContext([
    ...left.slice(0, start).map((text) => ({ sign: " " as const, text })),
    ...diffMiddle(left.slice(start, left.length - tail), right.slice(start, right.length - tail)),
    ...left.slice(left.length - tail).map((text) => ({ sign: " " as const, text })),
  ]);
}

/** A unified diff's own lines, without its headers. */
export function readPatchLines(patch: string): DiffLine[] {
  const lines: DiffLine[] = [];
  for (const line of toLines(patch)) {
    if (/^(diff --git|index |--- |\+\+\+ |\\ )/.test(line)) continue;
    if (line.startsWith("@@")) lines.push({ sign: "gap", text: line });
    else if (line.startsWith("+")) lines.push({ sign: "+", text: line.slice(1) });
    else if (line.startsWith("-")) lines.push({ sign: "-", text: line.slice(1) });
    else lines.push({ sign: " ", text: line.replace(/^ /, "") });
  }
  return lines;
}

function toLines(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function diffMiddle(left: string[], right: string[]): DiffLine[] {
  const removed = (text = ""): DiffLine => ({ sign: "-", text });
  const added = (text = ""): DiffLine => ({ sign: "+", text });
  if (left.length * right.length > maxPairs) return [...left.map(removed), ...right.map(added)];
  const width = right.length + 1;
  const common = countCommon(left, right, width);
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < left.length && column < right.length) {
    const below = common[(row + 1) * width + column] ?? 0;
    const beside = common[row * width + column + 1] ?? 0;
    if (left[row] === right[column]) {
      lines.push({ sign: " ", text: left[row] ?? "" });
      row += 1;
      column += 1;
    } else if (below >= beside) lines.push(removed(left[row++]));
    else lines.push(added(right[column++]));
  }
  return [...lines, ...left.slice(row).map(removed), ...right.slice(column).map(added)];
}

/** For each pair of positions the length of the longest common rest. */
function countCommon(left: string[], right: string[], width: number): Uint32Array {
  const common = new Uint32Array((left.length + 1) * width);
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      const at = row * width + column;
      common[at] =
        left[row] === right[column]
          ? (common[at + width + 1] ?? 0) + 1
          : Math.max(common[at + width] ?? 0, common[at + 1] ?? 0);
    }
  }
  return common;
}

function foldContext(lines: DiffLine[]): DiffLine[] {
  const isNear = new Uint8Array(lines.length);
  for (const [at, { sign }] of lines.entries()) {
    if (sign !== " ") isNear.fill(1, Math.max(0, at - contextLines), at + contextLines + 1);
  }
  const folded: DiffLine[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at];
    if (line && isNear[at]) folded.push(line);
    if (isNear[at]) continue;
    const from = at;
    while (at + 1 < lines.length && !isNear[at + 1]) at += 1;
    const left = at - from + 1;
    folded.push({ sign: "gap", text: `${left} ${left === 1 ? "line" : "lines"} as before` });
  }
  return folded;
}

import Anser from "anser";

export interface Span {
  text: string;
  className: string;
}

const maxLineLength = 8000;
// Everything but SGR (…m): cursor moves, titles, links, charsets.
const otherSequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  /\u001b\[[0-?]*[ -/]*[@-ln-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[()][0-9A-Za-z]|\u001b[=>78cDEHM]/g;

/** A line of a terminal's output as coloured spans; a progress bar shows its last state. */
export function readAnsi(line: string): Span[] {
  const cut = line.length > maxLineLength ? line.slice(0, maxLineLength) : line;
  const shown = cut.replace(/\r+$/, "").replace(/^.*\r/, "").replace(otherSequences, "");
  const spans = shown.includes("\u001b")
    ? Anser.ansiToJson(shown, { use_classes: true, remove_empty: true }).map(toSpan)
    : [{ text: shown, className: "" }];
  if (cut === line) return spans;
  const more = line.length - maxLineLength;
  return [...spans, { text: ` … ${more} more characters`, className: "text-faint" }];
}

function toSpan(part: Anser.AnserJsonEntry): Span {
  const words = [part.fg && `${part.fg}-fg`, part.bg && `${part.bg}-bg`];
  if (part.decorations?.includes("bold")) words.push("font-semibold");
  if (part.decorations?.includes("dim")) words.push("opacity-70");
  if (part.decorations?.includes("italic")) words.push("italic");
  if (part.decorations?.includes("underline")) words.push("underline");
  return { text: part.content, className: words.filter(Boolean).join(" ") };
}

import { Unprocessable } from "./errors";

/**
 * A program line as words, as a shell would see it, without a shell: quotes and backslashes hold words
 * together, and whatever only a shell could do (variables, pipes, several commands) is refused.
 * @throws Unprocessable when it is not one plain program with its arguments.
 */
export function splitCommand(line: string): string[] {
  const fault = findCommandFault(line);
  if (fault) throw new Unprocessable(fault, { hint: commandHint, facts: { line } });
  return readWords(line).map(({ text }) => text);
}

const commandHint = "Give one program and its arguments, e.g. “gemini --acp”.";

/** Why the line is not one program with its arguments; null when it is. */
export function findCommandFault(line: string): string | null {
  if (line.includes("\0")) return "A command cannot contain a NUL character.";
  const words = readWords(line);
  if (words.some(({ isOpen }) => isOpen)) return "A quote in the command is not closed.";
  const foreign = words.map(({ shellOnly }) => shellOnly).find((found) => found !== null);
  if (foreign) {
    return `The command is started without a shell, so “${foreign}” means nothing in it. Quote it, or put the line into a script.`;
  }
  const [program] = words;
  if (!program?.text) return "The command names no program.";
  if (/^[A-Za-z_]\w*=/.test(program.text)) {
    return "The command begins with a variable. Set variables for the worker or the workflow instead.";
  }
  return null;
}

interface Word {
  text: string;
  /** What outside of quotes only a shell understands; null when there is nothing such. */
  shellOnly: string | null;
  isOpen: boolean;
}

/** Outside of quotes; `~` only where a word begins. */
const shellCharacters = new Set("|&;<>()$`*?[]{}!#\n\r");

function readWords(line: string): Word[] {
  const words: Word[] = [];
  for (let at = 0; at < line.length; ) {
    if (line[at] === " " || line[at] === "\t") {
      at++;
      continue;
    }
    const { word, end } = readWord(line, at);
    words.push(word);
    at = end;
  }
  return words;
}

function readWord(line: string, start: number): { word: Word; end: number } {
  const word: Word = { text: "", shellOnly: line[start] === "~" ? "~" : null, isOpen: false };
  let at = start;
  for (; at < line.length; at++) {
    const character = line[at] ?? "";
    if (character === " " || character === "\t") break;
    if (character === "'" || character === '"') {
      const quoted = readQuoted(line, at);
      word.text += quoted.text;
      word.isOpen ||= quoted.isOpen;
      word.shellOnly ??= quoted.shellOnly;
      at = quoted.end;
    } else if (character === "\\") {
      at++;
      word.text += line[at] ?? "";
      word.isOpen ||= at >= line.length;
    } else {
      if (shellCharacters.has(character)) word.shellOnly ??= character === "\n" ? "⏎" : character;
      word.text += character;
    }
  }
  return { word, end: at };
}

/** From the opening quote; `end` is where the closing one stands. In double quotes `$` still means something. */
function readQuoted(line: string, start: number): Word & { end: number } {
  const quote = line[start];
  let text = "";
  let shellOnly: string | null = null;
  for (let at = start + 1; at < line.length; at++) {
    const character = line[at] ?? "";
    if (character === quote) return { text, shellOnly, isOpen: false, end: at };
    const isEscape = quote === '"' && character === "\\" && /["\\$`]/.test(line[at + 1] ?? "");
    if (isEscape) at++;
    else if (quote === '"' && /[$`]/.test(character)) shellOnly ??= character;
    text += line[at] ?? "";
  }
  return { text, shellOnly, isOpen: true, end: line.length };
}

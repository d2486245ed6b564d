/** One file's part of a patch, from its `diff --git` line to the next one's. */
export interface PatchSection {
  /** Null for a file that was not there before. */
  oldPath: string | null;
  /** Null for a file that is not there any more. */
  newPath: string | null;
  text: string;
}

/** Cuts a patch of git's into its files; a line that begins one can be no line of content. */
export function splitPatch(patch: string): PatchSection[] {
  const starts: number[] = patch.startsWith("diff --git ") ? [0] : [];
  for (
    let at = patch.indexOf("\ndiff --git ");
    at >= 0;
    at = patch.indexOf("\ndiff --git ", at + 1)
  ) {
    starts.push(at + 1);
  }
  return starts.map((start, index) => readSection(patch.slice(start, starts[index + 1])));
}

function readSection(text: string): PatchSection {
  const body = text.search(/^(@@ |GIT binary patch|Binary files )/m);
  const head = text.slice(0, body < 0 ? undefined : body);
  const named = (pattern: RegExp) => {
    const found = pattern.exec(head)?.[1];
    return found === undefined ? undefined : unquote(found);
  };
  const both = readBoth(head.split("\n", 1)[0] ?? "");
  const oldPath = named(/^rename from (.*)$/m) ?? strip(named(/^--- (.*?)\t?$/m)) ?? both;
  const newPath = named(/^rename to (.*)$/m) ?? strip(named(/^\+\+\+ (.*?)\t?$/m)) ?? both;
  return {
    oldPath: /^new file mode /m.test(head) ? null : oldPath,
    newPath: /^deleted file mode /m.test(head) ? null : newPath,
    text,
  };
}

/** `a/x b/x`: without other lines both names are the same. */
function readBoth(line: string): string {
  const names = line.slice("diff --git ".length);
  if (names.startsWith('"')) return unquote(/^"(?:[^"\\]|\\.)*"/.exec(names)?.[0] ?? "").slice(2);
  return names.slice(0, (names.length - 1) / 2).slice(2);
}

function strip(name: string | undefined): string | undefined {
  return name === undefined || name === "/dev/null" ? undefined : name.slice(2);
}

const escapes: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** Git quotes names with unusual bytes as C does: octal digits for each byte of UTF-8. */
function unquote(name: string): string {
  if (!name.startsWith('"')) return name;
  const bytes: number[] = [];
  for (const [, octal, letter, plain] of name
    .slice(1, -1)
    .matchAll(/\\([0-3][0-7]{2})|\\(.)|([^\\]+)/gs)) {
    if (octal) bytes.push(Number.parseInt(octal, 8));
    else if (letter) bytes.push(escapes[letter] ?? letter.charCodeAt(0));
    else bytes.push(...new TextEncoder().encode(plain));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

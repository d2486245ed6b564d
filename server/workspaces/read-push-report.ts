/** What the origin said to a push of one ref. */
export interface PushReport {
  outcome: "pushed" | "moved" | "checked_out" | "refused";
  /** git's reason in brackets, e.g. `pre-receive hook declined`. */
  reason: string;
  /** The origin's own words, without colours and control characters. */
  words: string;
}

const moved =
  /stale info|fetch first|incorrect old value|reference already exists|cannot lock ref|failed to (?:update|lock)/i;
const maxWords = 4000;

/**
 * Reads the output of `git push --porcelain`; the origin's words come on stderr as “remote: …”. Null: git
 * said nothing of the ref, so nobody knows what happened.
 */
export function readPushReport(stdout: string, stderr: string): PushReport | null {
  const line = /^([ +\-*=!])\t[^\t]*\t(.*)$/m.exec(stdout);
  if (!line) return null;
  const [, flag, summary = ""] = line;
  const reason = /\((.*)\)\s*$/.exec(summary)?.[1] ?? summary;
  const words = readWords(stderr);
  if (flag !== "!") return { outcome: "pushed", reason: "", words };
  if (/remote failed to report/i.test(summary)) return null;
  if (/currently checked out|branch is checked out/i.test(`${reason} ${words}`)) {
    return { outcome: "checked_out", reason, words };
  }
  return { outcome: moved.test(reason) ? "moved" : "refused", reason, words };
}

function readWords(stderr: string): string {
  return stderr
    .split("\n")
    .filter((line) => line.startsWith("remote:"))
    .map((line) => plain(line.slice("remote:".length)).trim())
    .filter(Boolean)
    .join("\n")
    .slice(0, maxWords);
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f]/g, "");
}

import { BadInput } from "./errors";
import { limits } from "./limits";

const branchPattern = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/;

/**
 * Checks a branch name from a person. Stricter than git, which takes `;`, `$(id)` and `refs/heads/x`.
 * @throws BadInput with the field's name.
 */
export function parseBranchName(text: string, field = "branch"): string {
  const isWrong =
    !branchPattern.test(text) ||
    text.length > limits.maxBranchLength ||
    text.includes("..") ||
    text.includes("//") ||
    text.endsWith("/") ||
    text.endsWith(".") ||
    text.startsWith("refs/") ||
    text.startsWith("coppice/keep/") ||
    text.split("/").some((part) => part.startsWith(".") || part.endsWith(".lock"));
  if (isWrong || text === "HEAD") {
    const why =
      "Use letters, digits, “.”, “_”, “-” and “/”, beginning with a letter or digit, without “..”.";
    throw new BadInput(`“${printable(text)}” is not a usable branch name.`, {
      fields: { [field]: why },
      hint: why,
    });
  }
  return text;
}

/**
 * Checks a base ref: a branch or tag name, or a commit id of at least seven digits.
 * @throws BadInput with the field's name.
 */
export function parseBaseRef(text: string, field = "baseRef"): string {
  if (/^[0-9a-f]{7,64}$/.test(text)) return text;
  return parseBranchName(text, field);
}

export type Origin =
  | { kind: "local"; path: string }
  | { kind: "https"; url: string; host: string }
  | { kind: "ssh"; url: string; host: string };

/**
 * Reads the address of a repository: an absolute local path, `https://…`, `ssh://…` or
 * `user@host:path`. Everything else that git would take (`ext::`, `file://`, `fd::`, `http://`,
 * options) is refused by name.
 * @throws BadInput with the field `origin`.
 */
export function parseOrigin(text: string): Origin {
  const refuse = (why: string): never => {
    throw new BadInput(`“${printable(withoutPassword(text))}” cannot be registered: ${why}`, {
      fields: { origin: why },
      hint: "Give an absolute path on the worker's host, or an https:// or ssh:// address.",
    });
  };
  if (text.length > limits.maxOriginLength) return refuse("it is too long.");
  if (hasControlCharacter(text)) return refuse("it contains a control character.");
  if (text.startsWith("-")) return refuse("it begins with “-”, which git would read as an option.");
  if (text.startsWith("/")) return { kind: "local", path: text };
  const scheme = /^([a-z][a-z0-9+.-]*):(?:\/\/|:)/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === "https" || scheme === "ssh") return parseUrl(text, scheme, refuse);
  if (scheme) return refuse(`“${scheme}” addresses are not allowed.`);
  const scp = /^([A-Za-z0-9_][\w.-]*)@([A-Za-z0-9][\w.-]*):(?!-)([^\s]+)$/.exec(text);
  if (scp?.[2]) return { kind: "ssh", url: text, host: scp[2] };
  return refuse("it is neither an absolute path nor an https or ssh address.");
}

/** A password that was typed into an address is not repeated in an error. */
function withoutPassword(text: string): string {
  return text.replace(/(:\/\/[^/:@]*:)[^/@]*@/, "$1***@");
}

function parseUrl(text: string, scheme: "https" | "ssh", refuse: (why: string) => never): Origin {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refuse("it is not a valid address.");
  }
  if (!/^[A-Za-z0-9[]/.test(url.hostname)) return refuse("its host name is not allowed.");
  if (url.password) return refuse("it contains a password. Use a credential helper or a key.");
  if (scheme === "https" && url.username) return refuse("it contains a user name.");
  if (url.username.startsWith("-")) return refuse("its user name begins with “-”.");
  if (url.pathname.length < 2) return refuse("it names no repository.");
  return { kind: scheme, url: text, host: url.hostname };
}

function hasControlCharacter(text: string): boolean {
  for (const character of text) if (character < " " || character === "\u007f") return true;
  return false;
}

/** A short form of untrusted text that is safe in one line of a message. */
export function printable(text: string): string {
  const oneLine = JSON.stringify(text).slice(1, -1);
  return oneLine.length > 80 ? `${oneLine.slice(0, 77)}…` : oneLine;
}

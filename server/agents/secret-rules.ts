/** Where a secret may begin, and what of it is covered. Bytes are handled as Latin-1 characters. */
export interface SecretRule {
  /** Tried at a position; anchored there. `more`: the text ends too early to decide. */
  match(text: string, at: number, isEnd: boolean): { keep: number; cover: number } | "more" | null;
  /** The characters that go on being covered after the match, without end. */
  tail: RegExp | null;
  /** A key block instead: covered up to its end mark, a quote, or this many bytes. */
  blockBytes?: number;
  /** How each form of it begins, in two to four characters: what is tried at all. */
  heads: string[];
}

const headLength = 4;

/** The values themselves and the forms in which they commonly turn up, longest first. */
export function ruleForValues(values: string[]): SecretRule[] {
  const forms = values
    .flatMap((value) => [value, ...longLinesOf(value)])
    .filter((value) => value.length >= 8)
    .flatMap(formsOf);
  return [...new Set(forms)].sort((a, b) => b.length - a.length).map(literalRule);
}

/** Of a value of several lines, a key for example, a program may show one line alone. */
function longLinesOf(value: string): string[] {
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  return lines.length > 1 ? lines.filter((line) => line.length >= 16) : [];
}

function formsOf(value: string): string[] {
  const latin = (text: string) => Buffer.from(text).toString("latin1");
  const bytes = Buffer.from(value);
  // Inside a longer text the value's base64 depends on where in a group of three bytes it begins.
  const base64 = [0, 1, 2].flatMap((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
    const first = shift === 0 ? 0 : shift + 1;
    const last = Math.floor((padded.length * 8) / 6);
    return ["base64", "base64url"].map((encoding) =>
      padded.toString(encoding as "base64").slice(first, last),
    );
  });
  const quoted = quote(value);
  // Twice: an agent's stream is JSON, and a program in it may print JSON.
  const escaped = [value, quoted, quote(quoted), encodeURIComponent(value)];
  return [...escaped.map(latin), ...base64].filter((form) => form.length >= 8);
}

const quote = (text: string) => JSON.stringify(text).slice(1, -1);

function literalRule(literal: string): SecretRule {
  return {
    tail: null,
    heads: [literal.slice(0, headLength)],
    match: (text, at, isEnd) => {
      if (text.startsWith(literal, at)) return { keep: 0, cover: literal.length };
      return !isEnd && mayBecome(literal, text, at) ? "more" : null;
    },
  };
}

interface PatternOptions {
  /** Literal beginnings, one of which must stand there. */
  prefixes: string[];
  /** What must follow at once, so many times at least. */
  body: RegExp;
  minBody: number;
  /** The prefix stays readable. */
  keepsPrefix?: boolean;
}

/** Well-known tokens: a prefix that is not in the middle of a word, and a body of one alphabet. */
export const patternRules: SecretRule[] = [
  ...["sk-ant-", "sk-proj-", "sk-svcacct-", "sk-or-"].map((prefix) => token(prefix, /[\w-]/, 16)),
  token("sk-", /[A-Za-z0-9]/, 32),
  ...["sk_live_", "rk_live_", "whsec_"].map((prefix) => token(prefix, /[A-Za-z0-9]/, 16)),
  ...["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map((prefix) => token(prefix, /[A-Za-z0-9]/, 30)),
  token("github_pat_", /\w/, 30),
  token("glpat-", /[\w-]/, 20),
  ...["AKIA", "ASIA"].map((prefix) => token(prefix, /[A-Z0-9]/, 16)),
  ...["xoxa-", "xoxb-", "xoxp-", "xoxr-", "xoxs-", "xapp-"].map((p) =>
    token(p, /[A-Za-z0-9-]/, 10),
  ),
  token("AIza", /[\w-]/, 35),
  token("npm_", /[A-Za-z0-9]/, 36),
  token("cop_", /[\w-]/, 16),
  ...["Bearer ", "bearer "].map((prefix) =>
    pattern({ prefixes: [prefix], body: /[\w.~+/=-]/, minBody: 20, keepsPrefix: true }),
  ),
  webToken(),
  keyBlock(),
];

function token(prefix: string, body: RegExp, minBody: number): SecretRule {
  return pattern({ prefixes: [prefix], body, minBody });
}

function pattern({ prefixes, body, minBody, keepsPrefix }: PatternOptions): SecretRule {
  return {
    tail: body,
    heads: prefixes.map((prefix) => prefix.slice(0, headLength)),
    match: (text, at, isEnd) => {
      const prefix = prefixes.find((candidate) => text.startsWith(candidate, at));
      if (prefix === undefined) {
        const isComing = !isEnd && prefixes.some((candidate) => mayBecome(candidate, text, at));
        return isComing ? "more" : null;
      }
      if (isInsideWord(text, at)) return null;
      const needed = at + prefix.length + minBody;
      for (let i = at + prefix.length; i < needed; i++) {
        if (i >= text.length) return isEnd ? null : "more";
        if (!body.test(text.charAt(i))) return null;
      }
      const keep = keepsPrefix ? prefix.length : 0;
      return { keep, cover: prefix.length + minBody - keep };
    },
  };
}

/** Whether the text ends in the middle of this literal. */
function mayBecome(literal: string, text: string, at: number): boolean {
  return text.length - at < literal.length && literal.startsWith(text.slice(at));
}

function isInsideWord(text: string, at: number): boolean {
  return at > 0 && /[A-Za-z0-9]/.test(text.charAt(at - 1));
}

/** A signed web token: two parts of base64url JSON and a signature. */
function webToken(): SecretRule {
  const longestHeader = 400;
  return {
    tail: /[\w.-]/,
    heads: ["eyJ"],
    match: (text, at, isEnd) => {
      if (!text.startsWith("eyJ", at)) return !isEnd && mayBecome("eyJ", text, at) ? "more" : null;
      const there = text.slice(at, at + longestHeader);
      const whole = /^eyJ[\w-]{8,}\.eyJ/.exec(there);
      if (whole && !isInsideWord(text, at)) return { keep: 0, cover: whole[0].length };
      const mayCome = /^eyJ[\w-]*(?:\.(?:e(?:yJ?)?)?)?$/.test(there);
      return mayCome && there.length < longestHeader && !isEnd ? "more" : null;
    },
  };
}

function keyBlock(): SecretRule {
  const longestHeader = 60;
  return {
    tail: null,
    blockBytes: 16 * 1024,
    heads: ["----"],
    match: (text, at, isEnd) => {
      const begin = "-----BEGIN ";
      if (!text.startsWith(begin, at)) return !isEnd && mayBecome(begin, text, at) ? "more" : null;
      const there = text.slice(at, at + longestHeader);
      const whole = /^-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/.exec(there);
      if (whole) return { keep: whole[0].length, cover: 0 };
      const mayCome = /^-----BEGIN [A-Z0-9 ]*-{0,4}$/.test(there);
      return mayCome && there.length < longestHeader && !isEnd ? "more" : null;
    },
  };
}

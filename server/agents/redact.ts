import { patternRules, ruleForValues, type SecretRule } from "./secret-rules";

/** Where a stream's redaction stands. Plain data: it is committed with the offset of what came out. */
export interface RedactionState {
  /** Bytes (as Latin-1) that may be the beginning of a secret; they come out later. */
  held: string;
  /** The last byte that was decided: a token does not begin in the middle of a word. */
  previous: string;
  /**
   * Which of the well-known rules' tokens is still going on: they are the same whatever values a
   * redactor covers, so that another one can go on.
   */
  tailOf: number | null;
  /** Bytes that an open key block may still have. */
  blockBytesLeft: number;
}

export const freshRedaction: RedactionState = {
  held: "",
  previous: "",
  tailOf: null,
  blockBytesLeft: 0,
};

export interface Redactor {
  /**
   * Covers secrets with one `*` per byte. However a stream is cut, the same comes out; a tail that
   * may begin a secret is held back in the state until `isEnd`.
   */
  redact(
    state: RedactionState,
    bytes: Buffer,
    isEnd?: boolean,
  ): { state: RedactionState; bytes: Buffer };
  /** A whole text at once; it keeps its length in bytes. */
  redactText(text: string): string;
  /** The same for every string in a value of plain data, keys too. */
  redactData<T>(data: T): T;
}

const endOfBlock = "-----END";

/** A redactor for these secret values (those of eight characters or more) and well-known tokens. */
export function createRedactor(secrets: string[]): Redactor {
  const rules = [...ruleForValues(secrets), ...patternRules];
  const heads = new HeadFinder(rules);
  const redact: Redactor["redact"] = (state, bytes, isEnd = false) => {
    const isOpen = state.held !== "" || state.tailOf !== null || state.blockBytesLeft > 0;
    if (!isOpen && bytes.length > 0 && heads.find(bytes, 0) === bytes.length) {
      return { state: { ...state, previous: bytes.toString("latin1", bytes.length - 1) }, bytes };
    }
    return new Scan(rules, heads, state, bytes, isEnd).run();
  };
  const redactText = (text: string) => {
    const done = redact(freshRedaction, Buffer.from(text), true);
    return done.bytes.toString("utf8");
  };
  return { redact, redactText, redactData: (data) => mapStrings(data, redactText) };
}

function mapStrings<T>(data: T, map: (text: string) => string): T {
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") return map(value);
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [map(key), walk(item)]));
  };
  return walk(data) as T;
}

/** Finds where a secret may begin. Nearly all bytes are passed by one look into a table. */
class HeadFinder {
  readonly #byPair: (number[] | undefined)[] = new Array(65_536);
  readonly #isFirst = new Uint8Array(256);

  constructor(private readonly rules: SecretRule[]) {
    for (const [index, rule] of rules.entries()) {
      for (const head of rule.heads) {
        const pair = (head.charCodeAt(0) << 8) | head.charCodeAt(1);
        const known = this.#byPair[pair] ?? [];
        if (!known.includes(index)) this.#byPair[pair] = [...known, index];
        this.#isFirst[head.charCodeAt(0)] = 1;
      }
    }
  }

  /** The first place from `at` on where a rule is worth trying; the length when there is none. */
  find(bytes: Buffer, at: number): number {
    const last = bytes.length - 1;
    for (let i = at; i < last; i++) {
      const pair = ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
      if (this.#byPair[pair] !== undefined && this.rulesAt(bytes, i).length > 0) return i;
    }
    return at <= last && this.#isFirst[bytes[last] ?? 0] ? last : bytes.length;
  }

  /** The rules whose beginning stands at `at`, as far as the bytes go. */
  rulesAt(bytes: Buffer, at: number): number[] {
    if (at === bytes.length - 1) {
      return this.#isFirst[bytes[at] ?? 0] ? [...this.rules.keys()] : [];
    }
    const pair = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    const known = this.#byPair[pair] ?? [];
    return known.filter((index) => this.rules[index]?.heads.some((head) => fits(head, bytes, at)));
  }
}

function fits(head: string, bytes: Buffer, at: number): boolean {
  for (let i = 0; i < head.length && at + i < bytes.length; i++) {
    if (bytes[at + i] !== head.charCodeAt(i)) return false;
  }
  return true;
}

/** Decides byte after byte; what is decided depends only on the bytes, not on where they were cut. */
class Scan {
  readonly #text: string;
  readonly #source: Buffer;
  readonly #out: Buffer;
  /** Everything before it is decided. It begins at 1 where one byte before the text is known. */
  #at: number;
  readonly #first: number;
  #tailOf: number | null;
  #blockBytesLeft: number;

  constructor(
    private readonly rules: SecretRule[],
    private readonly heads: HeadFinder,
    state: RedactionState,
    bytes: Buffer,
    private readonly isEnd: boolean,
  ) {
    this.#first = state.previous.length;
    this.#text = state.previous + state.held + bytes.toString("latin1");
    this.#source = Buffer.from(this.#text, "latin1");
    this.#out = Buffer.from(this.#source);
    this.#at = this.#first;
    this.#tailOf = state.tailOf;
    this.#blockBytesLeft = state.blockBytesLeft;
  }

  run(): { state: RedactionState; bytes: Buffer } {
    while (this.#at < this.#text.length && this.#decide());
    const state = {
      held: this.#text.slice(this.#at),
      previous: this.#text.slice(Math.max(0, this.#at - 1), this.#at),
      tailOf: this.#tailOf,
      blockBytesLeft: this.#blockBytesLeft,
    };
    return { state, bytes: this.#out.subarray(this.#first, this.#at) };
  }

  /** Answers false when the next byte cannot be decided yet. */
  #decide(): boolean {
    if (this.#blockBytesLeft > 0) return this.#decideInBlock();
    const character = this.#text.charAt(this.#at);
    if (this.#tailOf !== null) {
      if (patternRules[this.#tailOf]?.tail?.test(character)) {
        this.#cover(1);
        return true;
      }
      this.#tailOf = null;
    }
    for (const index of this.heads.rulesAt(this.#source, this.#at)) {
      const rule = this.rules[index];
      const match = rule?.match(this.#text, this.#at, this.isEnd) ?? null;
      if (match === "more") return false;
      if (!rule || match === null) continue;
      this.#at += match.keep;
      this.#cover(match.cover);
      if (rule.tail) this.#tailOf = patternRules.indexOf(rule);
      this.#blockBytesLeft = rule.blockBytes ?? 0;
      return true;
    }
    this.#at = this.heads.find(this.#source, this.#at + 1);
    return true;
  }

  #decideInBlock(): boolean {
    const there = this.#text.slice(this.#at, this.#at + endOfBlock.length);
    if (there.length < endOfBlock.length && endOfBlock.startsWith(there) && !this.isEnd)
      return false;
    if (there === endOfBlock || there.startsWith('"')) {
      this.#blockBytesLeft = 0;
      return true;
    }
    this.#blockBytesLeft--;
    if (there.startsWith("\n")) this.#at++;
    else this.#cover(1);
    return true;
  }

  #cover(length: number): void {
    this.#out.fill("*", this.#at, this.#at + length);
    this.#at += length;
  }
}

import { describe, expect, it } from "vitest";
import { createRedactor, freshRedaction, type Redactor } from "./redact";

const secret = 'p4ss/w"ord+with€signs';
const redactor = createRedactor([secret, "anotherSecretValue", "short"]);

/** A generator with a seed, so that a failure can be had again. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const tokens = [
  `sk-ant-${"a".repeat(30)}`,
  `sk-${"A1".repeat(20)}`,
  `ghp_${"b".repeat(36)}`,
  `github_pat_${"c".repeat(40)}`,
  "AKIAABCDEFGHIJKLMNOP",
  "xoxb-1234567890-abcdef",
  `eyJ${"h".repeat(20)}.eyJ${"p".repeat(20)}.${"s".repeat(20)}`,
  `cop_${"d".repeat(32)}`,
];

const pieces = [
  ...tokens,
  secret,
  JSON.stringify(secret),
  encodeURIComponent(secret),
  Buffer.from(`user:${secret}`).toString("base64"),
  "anotherSecretValue",
  `Authorization: Bearer ${"t".repeat(40)}`,
  `-----BEGIN RSA PRIVATE KEY-----\n${"MIIE\n".repeat(20)}-----END RSA PRIVATE KEY-----\n`,
  ...["plain text ", "\n", "€", "sk-", "sk-an", "-----BEG", "eyJ", "task-force ", "AKIA", "ghp_"],
];

function redactInPieces(chosen: Redactor, bytes: Buffer, cuts: number[]): Buffer {
  let state = freshRedaction;
  let from = 0;
  const out: Buffer[] = [];
  for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
    const step = chosen.redact(JSON.parse(JSON.stringify(state)), bytes.subarray(from, cut));
    state = step.state;
    out.push(step.bytes);
    from = cut;
  }
  out.push(chosen.redact(state, Buffer.alloc(0), true).bytes);
  return Buffer.concat(out);
}

describe("redact", () => {
  it("gives the same however the stream is cut, and keeps every byte's place", () => {
    for (let seed = 1; seed <= 400; seed++) {
      const random = makeRandom(seed);
      const parts = Array.from({ length: 1 + random(12) }, () => pieces[random(pieces.length)]);
      const bytes = Buffer.from(parts.join(random(2) ? " " : ""));
      const whole = redactor.redact(freshRedaction, bytes, true).bytes;
      const cuts = Array.from({ length: random(20) }, () => random(bytes.length + 1));
      const cut = redactInPieces(redactor, bytes, cuts);
      expect(cut.equals(whole), `seed ${seed}, cuts ${cuts}`).toBe(true);
      expect(whole.length).toBe(bytes.length);
    }
  });

  it("gives the same byte by byte", () => {
    const bytes = Buffer.from(pieces.join(" "));
    const cuts = Array.from({ length: bytes.length }, (_, index) => index);
    const whole = redactor.redact(freshRedaction, bytes, true).bytes;
    expect(redactInPieces(redactor, bytes, cuts).equals(whole)).toBe(true);
  });

  it.each(tokens)("covers the well-known token %s", (token) => {
    expect(redactor.redactText(`before ${token} after`)).toBe(
      `before ${"*".repeat(token.length)} after`,
    );
  });

  it.each([
    ["as it is", secret],
    ["in JSON", JSON.stringify(secret).slice(1, -1)],
    ["in an address", encodeURIComponent(secret)],
    ["in base64", Buffer.from(secret).toString("base64").replace(/=+$/, "").slice(0, -1)],
  ])("covers a known value %s", (_how, form) => {
    expect(redactor.redactText(`<${form}>`)).toBe(`<${"*".repeat(Buffer.byteLength(form))}>`);
  });

  it("covers a value inside a longer base64, wherever it begins", () => {
    for (const before of ["", "u", "us", "use"]) {
      const text = Buffer.from(`${before}anotherSecretValue:tail`).toString("base64");
      const shown = redactor.redactText(text);
      const decoded = Buffer.from(shown.replaceAll("*", ""), "base64").toString("latin1");
      expect(decoded).not.toContain("SecretVal");
      expect(shown).toMatch(/\*{20}/);
    }
  });

  it("covers a token to its very end, however long", () => {
    const long = `sk-ant-${"z".repeat(100_000)}`;
    expect(redactor.redactText(`${long}!`)).toBe(`${"*".repeat(long.length)}!`);
  });

  it("covers the body of a private key, and what stands after it not", () => {
    const text = "-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----\nafter";
    expect(redactor.redactText(text)).toBe(
      "-----BEGIN PRIVATE KEY-----\n******\n-----END PRIVATE KEY-----\nafter",
    );
  });

  it("leaves ordinary words alone", () => {
    const text =
      "task-management-for-the-win-and-more, short, AKIA, disk-usage, xoxb, Bearer of news";
    expect(redactor.redactText(text)).toBe(text);
  });

  it("covers strings anywhere in plain data, keys too", () => {
    const data = { a: [`x ${secret}`], [secret]: { n: 1, t: true, z: null } };
    const shown = JSON.stringify(redactor.redactData(data));
    expect(shown).not.toContain("p4ss");
    expect(JSON.parse(shown)).toMatchObject({ a: [expect.stringContaining("x ***")] });
  });

  it("holds back only what may still become a secret", () => {
    const { state, bytes } = redactor.redact(freshRedaction, Buffer.from("hello anotherSec"));
    expect(bytes.toString()).toBe("hello ");
    expect(state.held).toBe("anotherSec");
    expect(redactor.redact(freshRedaction, Buffer.from("z".repeat(100_000))).state.held).toBe("");
  });

  it("covers JSON inside JSON, and one line of a value of several", () => {
    const key = `first line of a key "x"\nsecond line of a key\nend`;
    const covering = createRedactor([key]);
    const shown = covering.redactText(JSON.stringify({ text: JSON.stringify({ key }) }));
    expect(shown).not.toMatch(/line of a key/);
    expect(covering.redactText("> second line of a key <")).toBe(`> ${"*".repeat(20)} <`);
    expect(covering.redactText("the end")).toBe("the end");
  });

  it("goes on with a token where a redactor of other values stopped", () => {
    const token = tokens[2] ?? "";
    const begun = redactor.redact(freshRedaction, Buffer.from(token));
    const other = createRedactor(Array.from({ length: 9 }, (_, i) => `quite other value ${i}`));
    const rest = other.redact(
      JSON.parse(JSON.stringify(begun.state)),
      Buffer.from("bbb end"),
      true,
    );
    expect(Buffer.concat([begun.bytes, rest.bytes]).toString()).toBe(
      `${"*".repeat(token.length + 3)} end`,
    );
  });
});

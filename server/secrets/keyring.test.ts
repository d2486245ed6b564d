import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { keepSecretsKey } from "./keep-secrets-key";
import { parseKeyring, SecretUnreadable } from "./keyring";
import { readKeyring } from "./read-keyring";

const makeKey = () => randomBytes(32).toString("base64");
const first = makeKey();
const second = makeKey();
const keys = (text: string) => parseKeyring(text, "the test");

describe("keys for secrets", () => {
  it("give a value back only with the same key and at the same place, unchanged", () => {
    const ring = keys(first);
    const stored = ring.seal("wörd", "here");
    expect(stored.sealed.toString("latin1")).not.toContain("rd");
    expect(ring.unseal(stored, "here")).toBe("wörd");
    expect(ring.seal("wörd", "here").sealed).not.toEqual(stored.sealed);
    expect(() => ring.unseal(stored, "there")).toThrow(SecretUnreadable);
    expect(() => keys(second).unseal(stored, "here")).toThrow(stored.keyId);
    for (const at of [0, 15, stored.sealed.length - 1]) {
      const sealed = Buffer.from(stored.sealed);
      sealed[at] = (sealed[at] ?? 0) ^ 1;
      expect(() => ring.unseal({ ...stored, sealed }, "here")).toThrow(/was changed/);
    }
    expect(() => ring.unseal({ ...stored, sealed: stored.sealed.subarray(0, 20) }, "here")).toThrow(
      SecretUnreadable,
    );
  });

  it("read what an older key encrypted, while the newest encrypts", () => {
    const stored = keys(first).seal("word", "here");
    const both = keys(`${second}\n${first}\n`);
    expect(both.unseal(stored, "here")).toBe("word");
    expect(both.currentId).toBe(keys(second).currentId);
  });

  it("may be written in hexadecimal, and are refused when they are no keys", () => {
    const hex = Buffer.from(first, "base64").toString("hex");
    expect(keys(hex).currentId).toBe(keys(first).currentId);
    for (const wrong of ["", "short", `${first}x!`, hex.slice(1)]) {
      expect(() => keys(wrong)).toThrow(/no key/);
    }
  });

  it("are made once for a home, for its account alone, and not where they are given", async () => {
    const home = await mkdtemp(path.join(tmpdir(), "coppice-key-"));
    const file = path.join(home, "secrets.key");
    try {
      await keepSecretsKey(home, { COPPICE_SECRETS_KEY: first });
      await expect(stat(file)).rejects.toThrow(/ENOENT/);
      await expect(readKeyring(home, {})).rejects.toThrow(/cannot be read/);
      await Promise.all([keepSecretsKey(home, {}), keepSecretsKey(home, {})]);
      const text = await readFile(file, "utf8");
      await keepSecretsKey(home, {});
      expect(await readFile(file, "utf8")).toBe(text);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect((await readKeyring(home, {})).currentId).toBe(keys(text).currentId);
      await chmod(file, 0o640);
      await expect(readKeyring(home, {})).rejects.toThrow(/Other accounts/);
      await expect(keepSecretsKey(home, { COPPICE_SECRETS_KEY: "x" })).rejects.toThrow(/no key/);
    } finally {
      await rm(home, { recursive: true });
    }
  });
});

import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { Unprocessable } from "@/server/domain/errors";

/** One key for secrets, and how rows name it. */
interface SecretsKey {
  id: string;
  bytes: Buffer;
}

/** A value as it is stored, and the id of the key it takes to read it. */
interface SealedValue {
  sealed: Buffer;
  keyId: string;
}

export interface Keyring {
  /** New values are encrypted with it. */
  currentId: string;
  /** The keys as they were written down, for the redactor. */
  words: string[];
  /** `place` is bound to the result: it decrypts nowhere else. */
  seal(value: string, place: string): SealedValue;
  /** @throws SecretUnreadable */
  unseal(stored: SealedValue, place: string): string;
}

/** A stored secret that this process cannot decrypt. */
export class SecretUnreadable extends Unprocessable {}

const cipher = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;
export const keyBytes = 32;

/**
 * Reads keys, separated by line breaks, commas or blanks; the first encrypts, the others only
 * decrypt. `source` names where they come from, for errors.
 * @throws Unprocessable when there is none or one is malformed.
 */
export function parseKeyring(text: string, source: string): Keyring {
  const words = text.split(/[\s,]+/).filter(Boolean);
  const keys = words.map((word) => parseKey(word, source));
  const [current] = keys;
  if (!current) {
    throw new Unprocessable(`${source} holds no key for secrets.`, { hint: howToMakeKey });
  }
  return {
    currentId: current.id,
    words,
    seal: (value, place) => ({ sealed: seal(current, value, place), keyId: current.id }),
    unseal: ({ sealed, keyId }, place) => {
      const key = keys.find(({ id }) => id === keyId);
      if (!key) throw lacksKey(keyId, keys, source);
      return unseal(key, sealed, place);
    },
  };
}

const howToMakeKey = "Make one by “openssl rand -base64 32”; every web and worker needs the same.";

function parseKey(word: string, source: string): SecretsKey {
  const isHex = /^[0-9a-f]{64}$/i.test(word);
  const bytes = Buffer.from(word, isHex ? "hex" : "base64url");
  if (bytes.length !== keyBytes || !/^[\w+/-]+=*$/.test(word)) {
    throw new Unprocessable(`${source} holds something that is no key of ${keyBytes} bytes.`, {
      hint: howToMakeKey,
      facts: { source, characters: word.length },
    });
  }
  const id = createHash("sha256").update("coppice secrets key\0").update(bytes).digest("hex");
  return { id: id.slice(0, 12), bytes };
}

function seal({ bytes }: SecretsKey, value: string, place: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const locked = createCipheriv(cipher, bytes, nonce).setAAD(Buffer.from(place));
  const text = Buffer.concat([locked.update(value, "utf8"), locked.final()]);
  return Buffer.concat([nonce, locked.getAuthTag(), text]);
}

function unseal({ bytes, id }: SecretsKey, sealed: Buffer, place: string): string {
  const nonce = sealed.subarray(0, nonceBytes);
  const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes);
  try {
    const opened = createDecipheriv(cipher, bytes, nonce, { authTagLength: tagBytes })
      .setAAD(Buffer.from(place))
      .setAuthTag(tag);
    const text = sealed.subarray(nonceBytes + tagBytes);
    return Buffer.concat([opened.update(text), opened.final()]).toString("utf8");
  } catch (cause) {
    throw new SecretUnreadable("A stored secret was changed, or is not of this place.", {
      hint: "Set it again.",
      facts: { place, keyId: id },
      cause,
    });
  }
}

function lacksKey(keyId: string, keys: SecretsKey[], source: string): SecretUnreadable {
  const known = keys.map(({ id }) => id);
  return new SecretUnreadable(
    `It is encrypted with key ${keyId}, and ${source} holds ${known.join(", ")}.`,
    {
      hint: "Give every web and worker the same keys (COPPICE_SECRETS_KEY), or set it again.",
      facts: { keyId, known },
    },
  );
}

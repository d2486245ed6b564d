import { createHash, randomInt } from "node:crypto";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const secretLength = 40;

/** A new API token: `cop_` and 40 random base62 characters, 238 bits. Shown once, never stored. */
export function makeToken(): string {
  const secret = Array.from({ length: secretLength }, () => alphabet[randomInt(alphabet.length)]);
  return `cop_${secret.join("")}`;
}

/**
 * What is stored and looked up. A plain hash is enough, because the token is random and long; looking
 * up by it also takes the same time however much of a guess is right.
 */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** The part by which people recognise a token in lists. */
export function tokenPrefix(token: string): string {
  return token.slice(0, 8);
}

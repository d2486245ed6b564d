import { randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import path from "node:path";

const minSecretLength = 43;

/**
 * The secret that signs cookies, from `<home>/secret`; made at the first call. Made under another
 * name and linked into place whole, so that two processes agree on one and a crash leaves no half.
 * @throws Error when the file holds something too short to be a secret.
 */
export async function keepSecret(home: string): Promise<string> {
  const file = path.join(home, "secret");
  const secret = (await readSecret(file)) ?? (await makeSecret(home, file));
  if (secret.length < minSecretLength) {
    throw new Error(`${file} is too short to be a secret; remove it and a new one is made.`);
  }
  return secret;
}

async function makeSecret(home: string, file: string): Promise<string> {
  await mkdir(home, { recursive: true, mode: 0o711 });
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(randomBytes(32).toString("base64url"));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await linkUnlessThere(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  return (await readFile(file, "utf8")).trim();
}

async function linkUnlessThere(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

async function readSecret(file: string): Promise<string | null> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

import { randomBytes, randomUUID } from "node:crypto";
import { link, open, rm } from "node:fs/promises";
import path from "node:path";
import { keyBytes, parseKeyring } from "./keyring";

export const keyFileName = "secrets.key";

/**
 * Makes the home's key for secrets at the first start, readable by this account alone; with
 * COPPICE_SECRETS_KEY set, checks that instead and makes none. Made under another name and linked
 * into place whole, so that a crash leaves no half.
 * @throws Unprocessable when COPPICE_SECRETS_KEY is no key.
 */
export async function keepSecretsKey(
  home: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  if (environment.COPPICE_SECRETS_KEY) {
    parseKeyring(environment.COPPICE_SECRETS_KEY, "COPPICE_SECRETS_KEY");
    return;
  }
  const file = path.join(home, keyFileName);
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(`${randomBytes(keyBytes).toString("base64url")}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
}

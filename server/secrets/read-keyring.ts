import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { Unprocessable } from "@/server/domain/errors";
import { keyFileName } from "./keep-secrets-key";
import { type Keyring, parseKeyring } from "./keyring";

/**
 * The keys for secrets: those of COPPICE_SECRETS_KEY, else those of the home's file. Read anew each
 * time, so that a key that was added counts at once.
 * @throws Unprocessable when there is none, it is malformed, or others can read its file.
 */
export async function readKeyring(
  home: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Keyring> {
  const given = environment.COPPICE_SECRETS_KEY;
  if (given) return parseKeyring(given, "COPPICE_SECRETS_KEY");
  const file = path.join(home, keyFileName);
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new Unprocessable(`The key for secrets, ${file}, cannot be read.`, {
      hint: "Bring it back from the backup of the home, or set COPPICE_SECRETS_KEY and restart.",
      facts: { file },
      cause,
    });
  });
  if (((await stat(file)).mode & 0o077) !== 0) {
    throw new Unprocessable(`Other accounts can read the key for secrets, ${file}.`, {
      hint: `Take that right away: chmod 600 ${file}`,
      facts: { file },
    });
  }
  return parseKeyring(text, file);
}

import { randomBytes } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { hasErrorCode } from "./errors";
import { nameBeside } from "./name-beside";

/** The server's password, made on first use. The file appears whole: a sibling may read at once. */
export async function keepPassword(file: string): Promise<string> {
  const known = await readPassword(file);
  if (known !== null) return known;
  const half = nameBeside(file);
  await writeFile(half, randomBytes(24).toString("base64url"), { mode: 0o600 });
  try {
    await link(half, file);
  } catch (error) {
    if (!hasErrorCode(error, "EEXIST")) throw error; // a sibling's password counts
  } finally {
    await rm(half, { force: true });
  }
  return (await readFile(file, "utf8")).trim();
}

async function readPassword(file: string): Promise<string | null> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return null;
    throw error;
  }
}

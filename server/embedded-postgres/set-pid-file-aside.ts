import { link, rename, rm } from "node:fs/promises";
import { hasErrorCode } from "./errors";
import { readPidFile } from "./inspect-postmaster";
import { nameBeside } from "./name-beside";

/**
 * Takes a stale `postmaster.pid` away. Never deleted by name after a look at it: a launcher beside
 * us may have replaced it in between. So it is renamed, looked at, and put back if it is not stale.
 */
export async function setPidFileAside(file: string, stalePid: number): Promise<void> {
  const aside = nameBeside(file);
  try {
    await rename(file, aside);
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return; // a sibling did it
    throw error;
  }
  if (readPidFile(aside)?.pid !== stalePid) await putBack(aside, file);
  await rm(aside, { force: true });
}

async function putBack(aside: string, file: string): Promise<void> {
  try {
    await link(aside, file);
  } catch (error) {
    if (!hasErrorCode(error, "EEXIST")) throw error;
  }
}

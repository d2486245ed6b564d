import { chmod, lstat } from "node:fs/promises";
import { readRawFolder } from "./raw-path";

/**
 * Gives the owner the right to read every file and folder below one, where an agent took it away; other
 * owners' and links are left alone. Only for a workspace about to be captured for the last time.
 * @returns how many were opened.
 */
export async function openToReading(folder: string): Promise<number> {
  const own = process.getuid?.();
  let opened = 0;
  const open = async (name: Buffer, needed: number) => {
    const { mode, uid } = await lstat(name);
    if (uid !== own || (mode & needed) === needed) return;
    await chmod(name, (mode & 0o777) | needed);
    opened += 1;
  };
  await open(Buffer.from(folder), 0o500);
  const folders = [Buffer.from(folder)];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of await readIfReachable(next)) {
      const inner = Buffer.concat([next, Buffer.from("/"), Buffer.from(entry.name, "latin1")]);
      if (entry.isFile()) await open(inner, 0o400).catch(whenOutOfReach);
      if (!entry.isDirectory()) continue;
      await open(inner, 0o500).catch(whenOutOfReach);
      folders.push(inner);
    }
  }
  return opened;
}

/** What stays closed is named by the capture, and then nothing is deleted. */
function whenOutOfReach(error: NodeJS.ErrnoException): void {
  if (!["EACCES", "EPERM", "ENAMETOOLONG", "ENOENT"].includes(error.code ?? "")) throw error;
}

async function readIfReachable(folder: Buffer) {
  return readRawFolder(folder).catch((error: NodeJS.ErrnoException) => {
    whenOutOfReach(error);
    return [];
  });
}

import { randomUUID } from "node:crypto";
import { chmod, mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";

/**
 * Deletes a folder of ours with all that an agent put there: folders without the right to write are
 * opened first, those too deep for one path are brought up, and links are never followed.
 */
export async function deleteTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENAMETOOLONG") return deleteDeep(folder);
    if (code !== "EACCES" && code !== "EPERM") throw error;
    await openFolders(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

const maxDepthBytes = 2_000;

/** Beyond about 4,096 bytes the system takes no path, so what lies deep is moved beside and deleted there. */
async function deleteDeep(folder: string): Promise<void> {
  const beside = `${folder}.deep-${randomUUID()}`;
  await mkdir(beside);
  for (;;) {
    const deep = await findDeep(Buffer.from(folder));
    if (!deep) break;
    await rename(deep, path.join(beside, randomUUID())).catch(whenGone);
  }
  await rm(folder, { recursive: true, force: true });
  for (const name of await readdir(beside)) await deleteTree(path.join(beside, name));
  await rm(beside, { recursive: true, force: true });
}

/** A folder so far down that what it holds may be out of reach from here. */
async function findDeep(root: Buffer): Promise<Buffer | null> {
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const inner of await listFolders(folder)) {
      if (inner.length - root.length > maxDepthBytes) return inner;
      folders.push(inner);
    }
  }
  return null;
}

async function openFolders(folder: string): Promise<void> {
  const folders: Buffer[] = [Buffer.from(folder)];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    await chmod(next, 0o700).catch(whenGone);
    folders.push(...(await listFolders(next)));
  }
}

async function listFolders(folder: Buffer): Promise<Buffer[]> {
  const listing = readdir(folder, { withFileTypes: true, encoding: "buffer" });
  const entries = (await listing.catch(whenGone)) ?? [];
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => Buffer.concat([folder, Buffer.from(path.sep), name]));
}

/** A removal that failed at one entry may still be at work on others. */
function whenGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

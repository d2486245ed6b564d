import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Conflict } from "@/server/domain/errors";
import { controlFiles } from "./control-folder";
import { hasCode } from "./has-code";

const trash = (home: string) => join(home, "attempts", ".trash");

/**
 * Deletes a control folder whose spool is stored, by rename first, so that a kill leaves it whole or in
 * the trash. Gone already is success.
 * @param stored how many bytes of each stream the database has.
 * @returns the bytes that it took, links and folders not counted.
 * @throws Conflict when the spool holds other than what is stored: nothing was touched then.
 */
export async function removeControlFolder(
  home: string,
  folder: string,
  stored: { output: number; stderr: number },
): Promise<number> {
  if (!(await isThere(folder))) return 0;
  for (const [name, bytes] of Object.entries(stored)) {
    const found = await measureFile(join(folder, controlFiles[name as keyof typeof stored]));
    if (found === bytes) continue;
    throw new Conflict("Its spool holds other than what is stored, so it stays.", {
      hint: "Compare the files with the run's output, then remove the folder by hand.",
      facts: { folder, name, found, stored: bytes },
    });
  }
  const bytes = await measureTree(folder);
  await mkdir(trash(home), { recursive: true, mode: 0o700 });
  const removed = join(trash(home), randomUUID());
  await rename(folder, removed);
  await rm(removed, { recursive: true, force: true });
  await removeIfEmpty(dirname(folder));
  return bytes;
}

/** Deletes what a killed removal left in the trash. */
export async function emptyControlTrash(home: string): Promise<number> {
  const names = await readdir(trash(home)).catch(whenGone([]));
  for (const name of names) await rm(join(trash(home), name), { recursive: true, force: true });
  return names.length;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(() => true, whenGone(false));
}

async function measureFile(path: string): Promise<number> {
  return stat(path).then(({ size }) => size, whenGone(0));
}

async function measureTree(folder: string): Promise<number> {
  let bytes = 0;
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of await readdir(next, { withFileTypes: true }).catch(whenGone([]))) {
      const inner = join(next, entry.name);
      if (entry.isDirectory()) folders.push(inner);
      else if (entry.isFile()) bytes += await measureFile(inner);
    }
  }
  return bytes;
}

/** The run's folder goes with the last of its attempts. */
async function removeIfEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch(whenGone(["gone"]));
  if (names.length === 0) await rm(folder, { recursive: true, force: true });
}

function whenGone<Value>(value: Value) {
  return (error: unknown): Value => {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EACCES")) return value;
    throw error;
  };
}

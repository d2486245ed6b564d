import type { Dirent } from "node:fs";
import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import path from "node:path";

const maxRefs = 5000;
const maxFileBytes = 8 * 1024 * 1024;

/**
 * Reads all refs of a git folder that an agent could write to, without starting git and without
 * following any symbolic link. Refs that are symbolic or damaged are left out.
 */
export async function readGitRefs(gitFolder: string): Promise<Map<string, string>> {
  const refs = new Map<string, string>();
  for (const line of (await readPlainFile(path.join(gitFolder, "packed-refs")))?.split("\n") ??
    []) {
    const [, sha, name] = /^([0-9a-f]{40,64}) (refs\/.+)$/.exec(line) ?? [];
    if (sha && name && refs.size < maxRefs) refs.set(name, sha);
  }
  await readLooseRefs(path.join(gitFolder, "refs"), "refs", refs);
  return refs;
}

async function readLooseRefs(
  folder: string,
  name: string,
  refs: Map<string, string>,
): Promise<void> {
  for (const entry of await listFolder(folder)) {
    if (refs.size >= maxRefs) return;
    const inner = path.join(folder, entry.name);
    const ref = `${name}/${entry.name}`;
    if (entry.isDirectory()) await readLooseRefs(inner, ref, refs);
    if (!entry.isFile() || entry.name.endsWith(".lock")) continue;
    const sha = (await readPlainFile(inner))?.trim() ?? "";
    if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(sha)) refs.set(ref, sha);
  }
}

export async function listFolder(folder: string): Promise<Dirent[]> {
  try {
    if (!(await lstat(folder)).isDirectory()) return [];
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** The text of a regular file of at most 8 MiB; null when it is absent, a link, a pipe or larger. */
export async function readPlainFile(file: string): Promise<string | null> {
  try {
    const handle = await open(
      file,
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    try {
      const facts = await handle.stat();
      if (!facts.isFile() || facts.size > maxFileBytes) return null;
      return await handle.readFile("latin1");
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return ["ENOENT", "ENOTDIR", "ELOOP", "EACCES", "EISDIR", "ENXIO"].includes(code ?? "");
}

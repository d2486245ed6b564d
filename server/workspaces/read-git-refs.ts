import type { Dirent } from "node:fs";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
} from "node:fs";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";

const maxRefs = 5000;
const maxFileBytes = 8 * 1024 * 1024;
/** Each look takes 20 µs at once and 200 µs in turns of the event loop: others get a turn now and then. */
const looksInARow = 200;
let looks = 0;

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
  await letOthersIn();
  try {
    if (!lstatSync(folder).isDirectory()) return [];
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** The text of a regular file of at most 8 MiB; null when it is absent, a link, a pipe or larger. */
export async function readPlainFile(file: string): Promise<string | null> {
  await letOthersIn();
  try {
    const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const facts = fstatSync(handle);
      if (!facts.isFile() || facts.size > maxFileBytes) return null;
      return readFileSync(handle, "latin1");
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** Whether there is anything at a path, a link to nothing included. */
export function isThere(file: string): boolean {
  try {
    lstatSync(file);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** An agent can make a million folders; the worker's heart beats meanwhile. */
async function letOthersIn(): Promise<void> {
  looks += 1;
  if (looks % looksInARow === 0) await nextTurn();
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return ["ENOENT", "ENOTDIR", "ELOOP", "EACCES", "EISDIR", "ENXIO"].includes(code ?? "");
}

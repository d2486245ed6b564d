import { readRawFolder } from "./raw-path";

export interface TreeEntry {
  /** From the workspace's folder, as raw bytes in a latin1 string. */
  name: string;
  kind: "file" | "folder" | "link" | "other";
  /** Of a folder: the names in it; null when it cannot be read. */
  entries: string[] | null;
  /** Why a folder cannot be read. */
  problem: string | null;
}

/**
 * Walks what lies below a folder of a workspace, each folder before what is in it. Links are not
 * followed, and no `.git` is entered. What an agent removes meanwhile is passed over.
 */
export async function* walkTree(
  workspace: Buffer,
  start: string,
  isPassedOver: (name: string) => boolean = () => false,
): AsyncGenerator<TreeEntry, void, void> {
  const folders = [start];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const read = await readFolder(workspace, folder);
    if (!read) continue;
    const entries = read.entries?.map((entry) => entry.name) ?? null;
    yield { name: folder, kind: "folder", entries, problem: read.problem };
    for (const entry of read.entries ?? []) {
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.toLowerCase() === ".git" || isPassedOver(name)) continue;
      if (entry.isDirectory()) folders.push(name);
      else yield { name, kind: kindOf(entry), entries: null, problem: null };
    }
  }
}

function kindOf(entry: { isFile(): boolean; isSymbolicLink(): boolean }): TreeEntry["kind"] {
  if (entry.isFile()) return "file";
  return entry.isSymbolicLink() ? "link" : "other";
}

async function readFolder(workspace: Buffer, folder: string) {
  const full = Buffer.concat([workspace, Buffer.from("/"), Buffer.from(folder, "latin1")]);
  try {
    return { entries: await readRawFolder(full), problem: null };
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    if (!["EACCES", "EPERM", "ENAMETOOLONG"].includes(code)) throw error;
    return { entries: null, problem: message };
  }
}

import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import path from "node:path";

/**
 * Every file of a folder by its path below it, as the id that git gives its content (SHA-1). `.git` of
 * the folder itself, pipes and sockets are left out; a link counts as its text, as it does for git.
 */
export async function hashTree(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const folders = [""];
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    for (const name of await readdir(path.join(folder, at))) {
      const inner = path.join(at, name);
      if (inner === ".git") continue;
      const file = path.join(folder, inner);
      const kind = await lstat(file);
      if (kind.isDirectory()) folders.push(inner);
      else if (kind.isSymbolicLink()) found[inner] = hashBlob(Buffer.from(await readlink(file)));
      else if (kind.isFile()) found[inner] = hashBlob(await readFile(file));
    }
  }
  return found;
}

function hashBlob(bytes: Buffer): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

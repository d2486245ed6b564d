import { mkdir, open, rename } from "node:fs/promises";
import path from "node:path";
import { type Sha, shaSchema } from "@/server/domain/ids";
import { gitInMirror } from "./git-in-mirror";

export interface NewRef {
  home: string;
  mirror: string;
  /** A ref that only we name, e.g. of a workspace's id: nobody else writes it meanwhile. */
  ref: string;
  sha: Sha;
  signal?: AbortSignal;
}

/**
 * Makes a ref of ours in the mirror, or sets it. In the way of git itself: a lock file, then a rename.
 * That spares a process where nothing can be in the way; where something is, git is asked.
 * @throws GitFailed
 */
export async function writeNewRef(input: NewRef): Promise<void> {
  const sha = shaSchema.parse(input.sha);
  if (await writeLoose(path.join(input.mirror, input.ref), sha)) return;
  const { home, signal } = input;
  await gitInMirror(input.mirror, ["update-ref", input.ref, sha], { home, signal });
}

/** False: a lock of that name is there, or a folder or file of the path. */
async function writeLoose(file: string, sha: Sha): Promise<boolean> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const lock = await open(`${file}.lock`, "wx", 0o644);
    try {
      await lock.writeFile(`${sha}\n`);
      await lock.datasync();
    } finally {
      await lock.close();
    }
    await rename(`${file}.lock`, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (["EEXIST", "ENOTDIR", "EISDIR", "ENOTEMPTY"].includes(code ?? "")) return false;
    throw error;
  }
}

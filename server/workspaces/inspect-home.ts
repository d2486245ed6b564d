import { readdir, readFile, statfs } from "node:fs/promises";
import path from "node:path";
import { exists } from "./exists";

/** What can be said of a home before anything in it is judged. */
export interface HomeFacts {
  isThere: boolean;
  /** The installation id on this disk; null when the mark is missing. */
  installationId: string | null;
  /** False when `workspaces` is missing or empty: the place of a disk that is not mounted is empty. */
  hasWorkspaces: boolean;
  hasMirrors: boolean;
  freeBytes: number | null;
  totalBytes: number | null;
}

export async function inspectHome(home: string): Promise<HomeFacts> {
  const isThere = await exists(home);
  const disk = isThere ? await statfs(home) : null;
  return {
    isThere,
    installationId: isThere ? await readMark(path.join(home, "installation")) : null,
    hasWorkspaces: await holdsSomething(path.join(home, "workspaces")),
    hasMirrors: await exists(path.join(home, "repositories")),
    freeBytes: disk && disk.bavail * disk.bsize,
    totalBytes: disk && disk.blocks * disk.bsize,
  };
}

async function holdsSomething(folder: string): Promise<boolean> {
  return (await exists(folder)) && (await readdir(folder)).length > 0;
}

async function readMark(file: string): Promise<string | null> {
  try {
    return (await readFile(file, "utf8")).trim() || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

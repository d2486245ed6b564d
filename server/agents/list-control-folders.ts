import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "./has-code";

/** A control folder as its place names it. */
export interface ControlFolder {
  path: string;
  /** The folder's name; a run id unless somebody else made it. */
  runId: string;
  attemptNumber: number | null;
}

/** The control folders of a home; none where there is no such folder yet. */
export async function listControlFolders(home: string): Promise<ControlFolder[]> {
  const root = join(home, "attempts");
  const runs = await listNames(root);
  const nested = await Promise.all(
    runs.map(async (runId) =>
      (await listNames(join(root, runId))).map((name) => ({
        path: join(root, runId, name),
        runId,
        attemptNumber: /^[1-9]\d{0,8}$/.test(name) ? Number(name) : null,
      })),
    ),
  );
  return nested.flat();
}

async function listNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

import { readdir } from "node:fs/promises";
import path from "node:path";
import { type WorkspaceId, workspaceIdSchema } from "@/server/domain/ids";

/** The git folders that were set aside on this host, by the workspace they were in. */
export async function listSetAside(home: string): Promise<Map<WorkspaceId, string[]>> {
  const shelf = path.join(home, "set-aside");
  const found = new Map<WorkspaceId, string[]>();
  for (const name of await namesIn(shelf)) {
    const id = workspaceIdSchema.safeParse(name);
    if (!id.success) continue;
    const folder = path.join(shelf, name);
    const paths = (await namesIn(folder)).map((inner) => path.join(folder, inner));
    if (paths.length > 0) found.set(id.data, paths.sort());
  }
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

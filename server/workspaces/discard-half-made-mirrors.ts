import { readdir } from "node:fs/promises";
import path from "node:path";
import { checkInstallation } from "./check-installation";
import { deleteTree } from "./delete-tree";

const halfMade = /\.git\.new-[0-9a-f-]{36}$/;

/**
 * Deletes mirrors that a killed worker left half made. To be called before anything of the home is
 * carried out again: nobody may be making one.
 * @throws RemovalRefused when the home is not this installation's.
 */
export async function discardHalfMadeMirrors(home: string, installationId: string): Promise<void> {
  const repositories = path.join(home, "repositories");
  const names = await readdir(repositories).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const found = names.filter((name) => halfMade.test(name));
  if (found.length === 0) return;
  await checkInstallation(home, installationId);
  for (const name of found) await deleteTree(path.join(repositories, name));
}

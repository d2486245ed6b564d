import type { Difference } from "@/server/domain/difference";
import { Conflict } from "@/server/domain/errors";
import { deleteTree } from "@/server/workspaces/delete-tree";
import { listHostFolders } from "@/server/workspaces/list-host-folders";
import type { DoctorHost } from "../host-facts";

/** Deletes a folder whose name says that it was never finished: it keeps that name until it is gone. */
export async function removeHalfMade(
  { home }: DoctorHost,
  { subject }: Difference,
): Promise<string[]> {
  const folders = Object.values(await listHostFolders(home)).flat();
  const folder = folders.find(({ path, isHalfMade }) => isHalfMade && path === subject.path);
  if (!folder) throw new Conflict("The folder is gone; there is nothing to fix.");
  await deleteTree(folder.path);
  return [`Deleted ${folder.path}.`];
}

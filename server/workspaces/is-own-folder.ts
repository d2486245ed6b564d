import { lstat, realpath } from "node:fs/promises";
import { Conflict } from "@/server/domain/errors";

/**
 * Whether a workspace's folder is there. Something else in its place, such as a link to somebody's own
 * checkout, is never used for it: git would read and write there.
 * @throws Conflict
 */
export async function isOwnFolder(workspace: string): Promise<boolean> {
  const kind = await lstat(workspace).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  if (!kind) return false;
  const leadsTo = kind.isSymbolicLink() ? null : await realpath(workspace);
  if (kind.isDirectory() && leadsTo === workspace) return true;
  throw new Conflict(
    `${workspace} is not the workspace's folder: something else is in its place.`,
    {
      hint: "Look what it is and move it away by hand; then the workspace can be restored.",
      facts: { workspace, leadsTo },
    },
  );
}

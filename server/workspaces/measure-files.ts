import { lstat } from "node:fs/promises";
import { joinRaw } from "./raw-path";

/** The bytes that files of a workspace hold; one that is gone or out of reach counts as none. */
export async function measureFiles(workspace: string, names: string[]): Promise<number> {
  let bytes = 0;
  for (const name of names) {
    bytes += await lstat(joinRaw(workspace, name)).then(
      ({ size }) => size,
      (error: NodeJS.ErrnoException) => {
        const { code = "" } = error;
        if (["ENOENT", "ENOTDIR", "EACCES", "ENAMETOOLONG"].includes(code)) return 0;
        throw error;
      },
    );
  }
  return bytes;
}

import { mkdir, realpath, rm, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import path from "node:path";
import { describeError } from "@/server/domain/errors";
import { StartRefused } from "./errors";

/**
 * Makes the home unless it exists, and returns its real path.
 *
 * Throws StartRefused when it cannot be written.
 */
export async function prepareHome(home: string): Promise<string> {
  try {
    await mkdir(home, { recursive: true, mode: 0o711 });
    const probe = path.join(home, `.writable-${process.pid}`);
    await writeFile(probe, "");
    await rm(probe);
    return await realpath(home);
  } catch (cause) {
    throw new StartRefused(
      `Coppice keeps its data in ${home}, which ${userInfo().username} cannot write: ${describeError(cause)}`,
      { hint: "Set COPPICE_HOME to a folder this account may write, or change its owner.", cause },
    );
  }
}

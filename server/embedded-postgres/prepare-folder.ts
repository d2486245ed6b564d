import { chmod, mkdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { Account } from "./choose-account";
import { EmbeddedPostgresFailed } from "./errors";

/**
 * Makes `<home>/postgres` and returns its real path. The kernel reports a server's working folder
 * with links resolved; compared with an unresolved path, our own server would look foreign.
 *
 * Throws EmbeddedPostgresFailed when `account` cannot reach it.
 */
export async function prepareFolder(home: string, account: Account | null): Promise<string> {
  await mkdir(path.join(home, "postgres"), { recursive: true, mode: 0o711 });
  const folder = await realpath(path.join(home, "postgres"));
  if (account) {
    await letPass(path.dirname(folder));
    await letPass(folder);
    await assertReachable(folder, account);
  }
  return folder;
}

/** Our own two folders may be passed through (not read): a home made by `mktemp -d` is closed. */
async function letPass(folder: string): Promise<void> {
  const { mode, uid } = await stat(folder);
  const isClosed = (mode & 0o001) === 0;
  if (isClosed && uid === process.getuid?.()) await chmod(folder, (mode & 0o777) | 0o011);
}

async function assertReachable(folder: string, account: Account): Promise<void> {
  for (let at = folder; at !== path.dirname(at); at = path.dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
    if (((mode >> shift) & 0o1) === 1) continue;
    throw new EmbeddedPostgresFailed(
      `PostgreSQL runs as “${account.name}”, which cannot enter ${at} on the way to ${folder}.`,
      { hint: "Set COPPICE_HOME to a folder it can reach, e.g. /var/lib/coppice." },
    );
  }
}

import { readHostRows } from "@/server/differences/read-host-rows";
import { listHostFolders } from "@/server/workspaces/list-host-folders";
import { type BrokenInvariant, broken, type Judged } from "./broken-invariant";

/**
 * I12, as far as the disk goes: a ready workspace has its folder, every folder among the workspaces has
 * its row, and nothing half-made is left but what a held run or a running refill is making.
 */
export async function checkDisk({ db, hosts, graceSeconds }: Judged): Promise<BrokenInvariant[]> {
  const found: BrokenInvariant[] = [];
  for (const { home, workerId } of hosts) {
    const lookedAt = Date.now();
    const folders = await listHostFolders(home);
    const ids = folders.workspaces.flatMap(({ id }) => id ?? []);
    const rows = await readHostRows(db, {
      ...{ workerId, runIds: [], refRunIds: [], workspaceIds: ids },
    });
    const heldIds = new Set<string>(
      rows.workspaces.flatMap(({ id, heldBy }) => (heldBy === null ? [] : [id])),
    );
    const isOld = ({ changedAt }: { changedAt: Date }) =>
      lookedAt - changedAt.getTime() >= graceSeconds * 1000;
    const halfMade = Object.values(folders)
      .flat()
      .filter((folder) => folder.isHalfMade && isOld(folder) && !heldIds.has(folder.id ?? ""));
    const known = new Set(
      rows.workspaces.filter(({ state }) => state !== "removed").map((row) => row.path),
    );
    const strange = folders.workspaces.filter(
      (folder) => !folder.isHalfMade && !known.has(folder.path),
    );
    const paths = new Set(folders.workspaces.map((folder) => folder.path));
    const missing = rows.workspaces.filter(
      (row) =>
        row.state === "ready" &&
        row.workerId === workerId &&
        (row.usedAt ?? row.createdAt).getTime() < lookedAt &&
        !paths.has(row.path ?? ""),
    );
    found.push(
      ...halfMade.map(({ path }) => broken("I12", path, "it was never finished")),
      ...strange.map(({ path }) => broken("I12", path, "no row knows this folder")),
      ...missing.map(({ id, path }) => broken("I12", id, `it is ready, and ${path} is gone`)),
    );
  }
  return found;
}

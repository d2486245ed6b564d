import { lstat } from "node:fs/promises";
import path from "node:path";
import { decideLeftoverWhereabouts } from "@/server/domain/work";
import { listOpenLeftovers, type OpenLeftover } from "@/server/ledger/list-open-leftovers";
import { listQuarantined } from "@/server/ledger/list-quarantined";
import { recordFoundWork } from "@/server/ledger/record-found-work";
import { recordRemovedLeftovers } from "@/server/ledger/record-removed-leftovers";
import { recordSetAside } from "@/server/ledger/record-set-aside";
import { listSetAside } from "@/server/workspaces/list-set-aside";
import type { FollowWork } from "./follow-work";

const batchSize = 500;

/**
 * Looks whether what is in no commit still lies on this host's disk. Only “no such file” means that it
 * does not: whatever else a look meets leaves the entry as it was.
 */
export async function followLeftovers(context: Leftovers & { now?: Date }): Promise<void> {
  const { db, home, workerId, now = new Date() } = context;
  // An unmounted home shows nothing, which proves nothing.
  if ((await look(path.join(home, "installation"))) !== true) return;
  await enterSetAside({ db, home, workerId, now });
  await recordRemovedLeftovers(db, workerId);
  for (let afterId = 0; ; ) {
    const open = await listOpenLeftovers(db, { workerId, afterId, limit: batchSize });
    const looked = await Promise.all(
      open.map(async (one) => ({ one, isThere: await look(placeOf(one)) })),
    );
    const found = looked.flatMap(({ one, isThere }) => {
      if (isThere === null) return [];
      const whereabouts = decideLeftoverWhereabouts({ ...one, isThere });
      return [{ id: one.id, whereabouts, mergedBy: null, mergedAs: null }];
    });
    await recordFoundWork(db, { found, now });
    const last = open.at(-1);
    if (!last || open.length < batchSize) return;
    afterId = last.id;
  }
}

type Leftovers = Pick<FollowWork, "db" | "home" | "workerId">;

/** Git folders and whole workspaces that were put away because they could not be stored. */
async function enterSetAside({ db, home, workerId, now }: Leftovers & { now: Date }) {
  for (const [workspaceId, paths] of await listSetAside(home)) {
    const why = "This git folder could not be read whole, so it was set aside and not deleted.";
    const folders = paths.map((folder) => ({ path: folder, why }));
    await recordSetAside(db, { workerId, workspaceId, folders, now });
  }
  for (const { workspaceId, path: folder, why } of await listQuarantined(db, workerId)) {
    await recordSetAside(db, { workerId, workspaceId, folders: [{ path: folder, why }], now });
  }
}

/** A name that is not UTF-8 cannot be looked up by its printed form: its workspace answers for it. */
function placeOf({ reason, title, workspacePath }: OpenLeftover): string | null {
  if (reason === "set_aside") return title;
  if (reason !== "left_out" || title.includes("\uFFFD")) return workspacePath;
  return workspacePath && path.join(workspacePath, title);
}

/** Null: it cannot be told. */
async function look(place: string | null): Promise<boolean | null> {
  if (place === null) return null;
  try {
    await lstat(place);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? false : null;
  }
}

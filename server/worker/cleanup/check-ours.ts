import { installation } from "@/db/schema";
import { Conflict } from "@/server/domain/errors";
import { checkInstallation } from "@/server/workspaces/check-installation";
import type { WorkerContext } from "../context";

/**
 * Looks afresh whether database and disk belong together: either may have been swapped, emptied or
 * unmounted since this worker started.
 * @throws Conflict, RemovalRefused; then nothing may be removed.
 */
export async function checkOurs(context: WorkerContext): Promise<void> {
  const [row] = await context.db.select({ id: installation.id }).from(installation);
  if (row?.id !== context.installationId) {
    throw new Conflict("The database is not the one that this worker started with.", {
      hint: "Nothing is removed. Look at DATABASE_URL, then restart the worker.",
      facts: { started: context.installationId, found: row?.id ?? null },
    });
  }
  await checkInstallation(context.home, row.id);
}

import { readFile } from "node:fs/promises";
import path from "node:path";
import { RemovalRefused } from "./removal-refused";

/**
 * A restored or swapped database must take nothing away, and an unmounted disk has no marker.
 * @throws RemovalRefused (`other_installation`)
 */
export async function checkInstallation(home: string, installationId: string): Promise<void> {
  const marker = await readFile(path.join(home, "installation"), "utf8").catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    },
  );
  if (installationId && marker?.trim() === installationId) return;
  const found = marker === null ? "has no installation mark" : "belongs to another installation";
  throw new RemovalRefused(
    "other_installation",
    `${home} ${found}; nothing is removed.`,
    "Check that the disk is mounted and that the database is the one of this home.",
  );
}

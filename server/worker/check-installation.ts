import { link, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "@/db/client";
import { installation } from "@/db/schema";
import { Conflict } from "@/server/domain/errors";

/**
 * Compares the installation id in the database with the one on this host's disk, and writes it there
 * the first time.
 * @throws Conflict when they differ: a swapped or emptied database must never rule over these folders.
 */
export async function checkInstallation(db: Database, home: string): Promise<string> {
  const [row] = await db.select({ id: installation.id }).from(installation);
  if (!row) {
    throw new Conflict("This database has not been prepared for Coppice.", {
      hint: "Start Coppice once with “npm start” against it.",
    });
  }
  const path = join(home, "installation");
  const onDisk = await readMark(path);
  if (onDisk === null) {
    await writeMark(path, row.id);
    return checkInstallation(db, home);
  }
  if (onDisk === row.id) return row.id;
  throw new Conflict(`${home} belongs to another installation than the database.`, {
    hint: "Point DATABASE_URL at the database that belongs to this folder, or COPPICE_HOME at another folder. Nothing was changed.",
    facts: { onDisk, inDatabase: row.id },
  });
}

async function readMark(path: string): Promise<string | null> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Whole or not at all, and only once. */
async function writeMark(path: string, id: string): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, `${id}\n`, { mode: 0o644 });
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

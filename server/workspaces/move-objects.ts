import { randomUUID } from "node:crypto";
import { copyFile, mkdir, readdir, rename, unlink } from "node:fs/promises";
import path from "node:path";

/**
 * Moves the objects of a shadow into its mirror, as git itself does with a quarantine: loose ones, and the
 * packs in which git puts large files at once. They were written by our git alone, and an object's name
 * is its content, so moving twice is harmless.
 */
export async function moveObjects(shadow: string, mirror: string): Promise<void> {
  const [source, target] = [path.join(shadow, "objects"), path.join(mirror, "objects")];
  for (const folder of await readdir(source)) {
    if (folder === "pack") await movePacks(path.join(source, folder), path.join(target, folder));
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    const names = await readdir(path.join(source, folder));
    if (names.length > 0) await mkdir(path.join(target, folder), { recursive: true });
    for (const name of names) {
      if (!/^[0-9a-f]{38}(?:[0-9a-f]{24})?$/.test(name)) continue;
      await moveFile(path.join(source, folder, name), path.join(target, folder, name));
    }
  }
}

/** A pack counts from the moment that its index is there, so that comes last. */
async function movePacks(source: string, target: string): Promise<void> {
  const names = (await readdir(source)).filter((name) => /^pack-[0-9a-f]+\.[a-z]+$/.test(name));
  const isIndex = (name: string) => name.endsWith(".idx");
  const ordered = [...names.filter((name) => !isIndex(name)), ...names.filter(isIndex)];
  if (ordered.length > 0) await mkdir(target, { recursive: true });
  for (const name of ordered) await moveFile(path.join(source, name), path.join(target, name));
}

async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    const temporary = path.join(path.dirname(to), `tmp_obj_${randomUUID().slice(0, 8)}`);
    await copyFile(from, temporary);
    await rename(temporary, to);
    await unlink(from);
  }
}

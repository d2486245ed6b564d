import { randomUUID } from "node:crypto";
import { copyFile, mkdir, readdir, rename, unlink } from "node:fs/promises";
import path from "node:path";

/**
 * Moves the loose objects of a shadow into its mirror, as git itself does with a quarantine. They
 * were written by our git alone, and an object's name is its content, so moving twice is harmless.
 */
export async function moveObjects(shadow: string, mirror: string): Promise<void> {
  const source = path.join(shadow, "objects");
  for (const folder of await readdir(source)) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    const names = await readdir(path.join(source, folder));
    if (names.length > 0) await mkdir(path.join(mirror, "objects", folder), { recursive: true });
    for (const name of names) {
      if (!/^[0-9a-f]{38}(?:[0-9a-f]{24})?$/.test(name)) continue;
      await moveObject(path.join(source, folder, name), path.join(mirror, "objects", folder, name));
    }
  }
}

async function moveObject(from: string, to: string): Promise<void> {
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

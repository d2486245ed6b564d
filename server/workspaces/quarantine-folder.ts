import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { BadInput, Conflict, NotFound } from "@/server/domain/errors";
import { exists } from "./exists";

/** Folders of the home whose entries may be put aside. */
const rooms = ["workspaces", "shadows", "attempts", "repositories"];

/**
 * Renames something of the home into its quarantine, after writing a note beside its new place that
 * tells where it came from. Nothing in it is changed. Killed after the note, it may be done again.
 * @throws Conflict when something is at the new place already, or it lies on another file system;
 *   NotFound when it is gone; BadInput for a place that is not ours to move.
 */
export async function quarantineFolder(input: {
  home: string;
  folder: string;
  target: string;
  why: string;
  now: Date;
}): Promise<void> {
  const { home, folder, target } = input;
  const [room = "", ...below] = path.relative(home, folder).split(path.sep);
  const isOurs = rooms.includes(room) && below.length > 0 && path.resolve(folder) === folder;
  if (!isOurs || path.dirname(target) !== path.join(home, "quarantine")) {
    throw new BadInput("Only what lies in Coppice's home can be put into quarantine.", {
      facts: { folder, target },
    });
  }
  if (!(await exists(folder))) throw new NotFound("folder", folder);
  if (await exists(target)) {
    throw new Conflict(`Something is at ${target} already.`, {
      hint: "Move that away first; it was put into quarantine earlier today.",
      facts: { folder, target },
    });
  }
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  await writeFile(`${target}.note.txt`, writeNote(input), { mode: 0o600 });
  await rename(folder, target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EXDEV") throw error;
    throw new Conflict(`${folder} lies on another file system than ${path.dirname(target)}.`, {
      hint: "Move it by hand to where it may stay; it is then no longer reported.",
      cause: error,
    });
  });
}

function writeNote({
  folder,
  target,
  why,
  now,
}: { [Name in "folder" | "target" | "why"]: string } & {
  now: Date;
}): string {
  return `Put here by Coppice's doctor on ${now.toISOString()}.

Came from: ${folder}
Why:       ${why}

Nothing in it was changed. To put it back:

  mv '${target}' '${folder}'

When nobody needs it, delete it together with this note.
`;
}

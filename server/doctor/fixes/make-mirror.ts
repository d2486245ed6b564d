import { eq } from "drizzle-orm";
import { repositories } from "@/db/schema";
import type { Difference } from "@/server/domain/difference";
import { Conflict } from "@/server/domain/errors";
import { repositoryIdSchema } from "@/server/domain/ids";
import { ensureMirror } from "@/server/workspaces/ensure-mirror";
import { exists } from "@/server/workspaces/exists";
import { mirrorPath } from "@/server/workspaces/layout";
import { quarantineFolder } from "@/server/workspaces/quarantine-folder";
import { placeInQuarantine } from "../compare-folders";
import type { DoctorHost } from "../host-facts";

/** Makes a lost mirror again from its origin. Remains of the old one are put aside, for they may hold work. */
export async function makeMirror(
  { db, home }: DoctorHost,
  { subject, title }: Difference,
): Promise<string[]> {
  const id = repositoryIdSchema.parse(subject.repositoryId);
  const [repository] = await db.select().from(repositories).where(eq(repositories.id, id));
  if (!repository) throw new Conflict("The repository is no longer registered.");
  const mirror = mirrorPath(home, id);
  if (await exists(`${mirror}/HEAD`)) {
    throw new Conflict("The mirror is there again; there is nothing to fix.");
  }
  const done: string[] = [];
  if (await exists(mirror)) {
    const now = new Date();
    const target = placeInQuarantine(home, mirror, now);
    await quarantineFolder({ home, folder: mirror, target, why: title, now });
    done.push(`Renamed what was left of the mirror to ${target}.`);
  }
  await ensureMirror({ home, repositoryId: id, origin: repository.origin });
  return [...done, `Made the mirror again from ${repository.origin}.`];
}

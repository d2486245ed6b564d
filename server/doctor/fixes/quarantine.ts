import { eq } from "drizzle-orm";
import { workspaces } from "@/db/schema";
import type { Difference } from "@/server/domain/difference";
import { BadInput, Conflict } from "@/server/domain/errors";
import { workspaceIdSchema } from "@/server/domain/ids";
import { quarantineFolder } from "@/server/workspaces/quarantine-folder";
import { placeInQuarantine } from "../compare-folders";
import type { DoctorHost } from "../host-facts";

/**
 * Puts a folder aside. Where a row names it, the row is locked meanwhile and has to say still that
 * nobody uses the folder: a claim waits until the rename is over.
 */
export async function quarantine(
  { db, home }: DoctorHost,
  { subject, title }: Difference,
): Promise<string[]> {
  const folder = subject.path;
  if (!folder) throw new BadInput("The difference names no folder.");
  const now = new Date();
  const target = placeInQuarantine(home, folder, now);
  await db.transaction(async (tx) => {
    if (subject.workspaceId) {
      const id = workspaceIdSchema.parse(subject.workspaceId);
      const [row] = await tx.select().from(workspaces).where(eq(workspaces.id, id)).for("update");
      const isFree = row === undefined || row.state === "removed" || row.state === "planned";
      if (!isFree && row.path === folder) {
        throw new Conflict(`The workspace is ${row.state} now; its folder stays.`);
      }
    }
    await quarantineFolder({ home, folder, target, why: title, now });
  });
  return [`Renamed ${folder} to ${target}.`, `Wrote ${target}.note.txt.`];
}

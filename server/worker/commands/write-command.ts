import { and, eq, inArray } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { runCommands, runs } from "@/db/schema";
import { AttemptSuperseded } from "@/server/domain/errors";
import type { CommandSite, RunCommand } from "./command-site";

/**
 * Writes to a command that is not over, guarded by the fence of its run: a late writer changes nothing.
 * @throws AttemptSuperseded when another claim has the run, or the command is not as it was.
 */
export async function writeCommand(
  db: Executor,
  site: Pick<CommandSite, "runId" | "fence">,
  command: Pick<RunCommand, "id" | "outputBytes">,
  set: Partial<typeof runCommands.$inferInsert>,
): Promise<RunCommand> {
  const held = db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.id, site.runId), eq(runs.fence, site.fence ?? 0)));
  const [written] = await db
    .update(runCommands)
    .set(set)
    .where(
      and(
        eq(runCommands.id, command.id),
        eq(runCommands.outputBytes, command.outputBytes),
        inArray(runCommands.state, ["planned", "running"]),
        site.fence === null ? undefined : inArray(runCommands.runId, held),
      ),
    )
    .returning();
  if (!written) throw new AttemptSuperseded(site.runId, site.fence ?? 0);
  return written;
}

/** The row as it stands, if it is so: how a write whose answer was lost finds out what it did. */
export async function findCommand(
  db: Executor,
  { id }: Pick<RunCommand, "id">,
  isSo: (row: RunCommand) => boolean,
): Promise<RunCommand | null> {
  const [row] = await db.select().from(runCommands).where(eq(runCommands.id, id));
  return row && isSo(row) ? row : null;
}

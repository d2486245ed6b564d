import { and, eq, inArray } from "drizzle-orm";
import { runCommands } from "@/db/schema";
import { proveDead } from "@/server/agents/prove-dead";
import type { AttemptId } from "@/server/domain/ids";
import { awaitDatabase } from "../await-database";
import type { Hold, WorkerContext } from "../context";
import { endCommand } from "./end-command";

/**
 * Ends the commands of an attempt that are still under way, with all that they started: the attempt
 * ends before them, or ended on a worker that died. Each part may be repeated.
 * @returns processes that cannot be ended.
 */
export async function endOpenCommands(
  context: WorkerContext,
  hold: Hold,
  attemptId: AttemptId,
  state: "cancelled" | "lost",
): Promise<number[]> {
  const isOpen = inArray(runCommands.state, ["planned", "running"]);
  const open = await awaitDatabase(context, hold, () =>
    context.db
      .select()
      .from(runCommands)
      .where(and(eq(runCommands.attemptId, attemptId), isOpen)),
  );
  const left: number[] = [];
  for (const command of open) {
    const mark = { runId: hold.runId, attemptId };
    const { survivors } = await proveDead({ controlPath: command.controlPath, mark });
    left.push(...survivors);
    await endCommand(context, hold, command, {
      state,
      exitCode: null,
      exitSignal: null,
      note: null,
    });
  }
  return left;
}

import { and, eq, inArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { checkRounds, runCommands } from "@/db/schema";
import type { AttemptId } from "@/server/domain/ids";

/** Ends what a lost host had under way in an attempt; nobody knows what became of the processes. */
export async function loseCommands(
  tx: Transaction,
  attemptId: AttemptId,
  endedAt: Date,
): Promise<void> {
  const note = "was lost with its host; whether its processes ended is not proved";
  const isOpen = inArray(runCommands.state, ["planned", "running"]);
  await tx
    .update(runCommands)
    .set({ state: "lost", note, endedAt })
    .where(and(eq(runCommands.attemptId, attemptId), isOpen));
  await tx
    .update(checkRounds)
    .set({ state: "cancelled", endedAt })
    .where(and(eq(checkRounds.attemptId, attemptId), eq(checkRounds.state, "running")));
}

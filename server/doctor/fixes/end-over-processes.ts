import { findMarkedProcesses } from "@/server/agents/find-marked-processes";
import { proveDead } from "@/server/agents/prove-dead";
import { readHostRows } from "@/server/differences/read-host-rows";
import type { Difference } from "@/server/domain/difference";
import { Conflict } from "@/server/domain/errors";
import { runIdSchema } from "@/server/domain/ids";
import { isAttemptOver } from "../compare-processes";
import type { DoctorHost } from "../host-facts";

/**
 * Ends what lives of a run's attempts that are over; the newest is spared while it is not. An attempt
 * that is over never comes alive again, so it cannot be the wrong one by the time of the kill.
 */
export async function endOverProcesses(
  { db, worker }: DoctorHost,
  { subject }: Difference,
): Promise<string[]> {
  const runId = runIdSchema.parse(subject.runId);
  const none = { refRunIds: [], workspaceIds: [] };
  const rows = await readHostRows(db, { workerId: worker.id, runIds: [runId], ...none });
  const over = rows.attempts.filter(
    (attempt) =>
      attempt.runId === runId && attempt.workerId === worker.id && isAttemptOver(attempt),
  );
  const marked = new Set(findMarkedProcesses().map(({ attemptId }) => attemptId));
  const done: string[] = [];
  for (const { id, number, runNumber, controlPath } of over) {
    if (!marked.has(id)) continue;
    const { isDead, survivors } = await proveDead({
      controlPath,
      mark: { runId, attemptId: id },
    });
    if (!isDead) {
      throw new Conflict(`Process ${survivors.join(", ")} cannot be ended.`, {
        hint: "Look at it on its host: it may wait for a disk or belong to another account.",
        facts: { runId, attemptId: id, survivors },
      });
    }
    done.push(`Ended every process of attempt ${number} of run #${runNumber}.`);
  }
  if (done.length === 0) throw new Conflict("The processes are gone; there is nothing to fix.");
  return done;
}

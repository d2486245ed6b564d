import { eq } from "drizzle-orm";
import { attempts, pins, runs } from "@/db/schema";
import { controlPath } from "@/server/agents/control-folder";
import { findMarked } from "@/server/agents/end-agent";
import { isAlive } from "@/server/agents/process-identity";
import { readControl } from "@/server/agents/read-control";
import { removeControlFolder } from "@/server/agents/remove-control-folder";
import { Conflict, NotFound } from "@/server/domain/errors";
import type { AttemptId } from "@/server/domain/ids";
import { isTerminal } from "@/server/domain/run-status";
import type { WorkerContext } from "../context";
import { endItem } from "./end-item";
import type { CleanupTask } from "./take-item";

/**
 * Removes the control folder of an attempt whose run has ended, when none of its processes is alive and
 * its output is stored to the last byte. Gone already is success.
 * @throws Conflict, NotFound: it stays.
 */
export async function removeDueSpool(context: WorkerContext, task: CleanupTask): Promise<void> {
  const { attemptId } = task;
  if (!attemptId) throw new Error(`item ${task.id} names no attempt`);
  const attempt = await loadEnded(context, attemptId);
  const folder = controlPath(context.home, attempt.runId, attempt.number);
  if (folder !== attempt.controlPath) {
    throw new Conflict("Its control folder is recorded in another place than it should be.", {
      facts: { recorded: attempt.controlPath, expected: folder },
    });
  }
  assertDead(folder, { runId: attempt.runId, attemptId });
  const freedBytes = await removeControlFolder(context.home, folder, {
    output: attempt.outputBytes,
    stderr: attempt.stderrBytes,
  });
  const now = new Date();
  await context.db.transaction(async (tx) => {
    await tx.update(attempts).set({ controlRemovedAt: now }).where(eq(attempts.id, attemptId));
    const facts = { attempt: attempt.number, path: folder };
    const action = "run.control_folder_removed";
    await endItem(tx, task, { status: "removed", freedBytes, action, facts }, now);
  });
}

async function loadEnded({ db, worker }: WorkerContext, id: AttemptId) {
  const [row] = await db
    .select({
      attempt: attempts,
      status: runs.status,
      number: runs.number,
      pinnedBy: pins.createdBy,
    })
    .from(attempts)
    .innerJoin(runs, eq(runs.id, attempts.runId))
    .leftJoin(pins, eq(pins.runId, runs.id))
    .where(eq(attempts.id, id))
    .limit(1);
  if (!row) throw new NotFound("attempt", id);
  if (row.pinnedBy) throw new Conflict(`It is no longer due: run #${row.number} is pinned.`);
  if (!isTerminal(row.status) || !row.attempt.endedAt) {
    throw new Conflict(`Run #${row.number} is ${row.status}.`);
  }
  if (row.attempt.workerId !== worker.id) throw new Conflict("It lies on another host.");
  return row.attempt;
}

function assertDead(folder: string, mark: { runId: string; attemptId: string }): void {
  const { keeper, agent, namespaceInit } = readControl(folder);
  const known = [keeper, agent, namespaceInit].filter((one) => one !== null);
  const alive = [...known.filter(isAlive).map(({ pid }) => pid), ...findMarked(mark, { keeper })];
  if (alive.length === 0) return;
  throw new Conflict("Processes of this attempt are alive, so its folder stays.", {
    hint: `Look at ${[...new Set(alive)].join(", ")} on this host.`,
    facts: { alive },
  });
}

import { eq, sql } from "drizzle-orm";
import { attempts, transcriptEntries } from "@/db/schema";
import { appendStdin, closeStdin, giveGo } from "@/server/agents/agent-stdin";
import { driverFor } from "@/server/agents/drivers";
import { findAgent } from "@/server/agents/find-agent";
import { readControl } from "@/server/agents/read-control";
import { appendEvent } from "@/server/runs/append-event";
import { moveRun } from "@/server/runs/move-run";
import { AttemptFailed, failingAs } from "./attempt-failed";
import { awaitDatabase } from "./await-database";
import { CancelAsked } from "./cancel-asked";
import { type Hold, type WorkerContext, workerActor } from "./context";
import { loadWork, type Work } from "./load-work";
import { describeForDriver, requireNativeId } from "./start-agent";

/**
 * Commits that the run runs, with workspace, process and every id, and only then lets the agent take
 * its first prompt.
 * @throws AttemptFailed when the waiting process died; CancelAsked; HoldEnded.
 */
export async function beginRun(context: WorkerContext, hold: Hold): Promise<void> {
  const work = await awaitDatabase(context, hold, () => loadWork(context, hold));
  if (work.run.cancelAskedAt) throw new CancelAsked();
  const control = readControl(hold.controlPath);
  if (!control.agent || control.phase !== "ready") {
    throw new AttemptFailed("worker_lost", "The agent's process died before it was let go.");
  }
  const identity = control.agent;
  const nativeId = requireNativeId(work);
  const agent = await failingAs("agent_not_found", async () =>
    findAgent(work.run.agent, { environment: context.environment }),
  );
  const driver = driverFor(work.run.agent);
  const step = driver.begin(
    describeForDriver(work, agent.program, nativeId, work.attempt.isResume ?? false),
  );
  const firstInput = step.replies.join("");
  const now = new Date();
  await awaitDatabase(context, hold, () =>
    context.db.transaction(async (tx) => {
      const transcriptSeq = await appendEntries(tx, hold, work, step.entries, now);
      await tx
        .update(attempts)
        .set({
          pid: identity.pid,
          processStartTime: String(identity.startTime),
          bootId: identity.bootId,
          keeperPid: control.keeper?.pid ?? null,
          agentStartedAt: now,
          driverVersion: driver.version,
          driverState: step.state,
          pendingStdin: firstInput,
          stdinBytes: Buffer.byteLength(firstInput),
          isInputOver: step.isInputOver,
          transcriptSeq,
        })
        .where(eq(attempts.id, hold.attemptId));
      await moveRun(tx, {
        runId: hold.runId,
        to: "running",
        fence: hold.fence,
        set: { pid: identity.pid, agentNativeId: nativeId, startedAt: work.run.startedAt ?? now },
        actor: workerActor(context),
        data: { attempt: hold.attemptNumber },
        now,
      });
      await appendEvent(tx, {
        runId: hold.runId,
        kind: "agent_started",
        actor: workerActor(context),
        data: {
          pid: identity.pid,
          agentSessionId: nativeId,
          isolation: work.attempt.isolation,
          isResume: work.attempt.isResume,
        },
        now,
      });
    }),
  );
  await letGo(hold, { pending: firstInput, offset: 0, isInputOver: step.isInputOver });
}

/** What was committed for the agent's stdin, and where in it that stands. */
interface Handover {
  pending: string;
  offset: number;
  isInputOver: boolean;
}

/** Writes what was committed for the agent's stdin and lets the agent go. Each part may be repeated. */
export async function letGo(hold: Hold, handover: Handover): Promise<void> {
  const { pending, offset, isInputOver } = handover;
  if (pending) await appendStdin(hold.controlPath, offset, pending);
  await giveGo(hold.controlPath);
  if (isInputOver) await closeStdin(hold.controlPath);
}

async function appendEntries(
  tx: Parameters<Parameters<WorkerContext["db"]["transaction"]>[0]>[0],
  hold: Hold,
  work: Work,
  entries: (typeof transcriptEntries.$inferInsert)["entry"][],
  now: Date,
): Promise<number> {
  const [row] = await tx
    .select({ last: sql<number>`coalesce(max(${transcriptEntries.seq}), 0)` })
    .from(transcriptEntries)
    .where(eq(transcriptEntries.runId, work.run.id));
  const last = Number(row?.last ?? 0);
  if (entries.length > 0) {
    await tx.insert(transcriptEntries).values(
      entries.map((entry, index) => ({
        runId: work.run.id,
        seq: last + index + 1,
        attemptId: hold.attemptId,
        at: now,
        entry,
      })),
    );
  }
  return last + entries.length;
}

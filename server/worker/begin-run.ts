import { eq, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { attempts, transcriptEntries } from "@/db/schema";
import { appendStdin, closeStdin, giveGo } from "@/server/agents/agent-stdin";
import type { Step } from "@/server/agents/driver";
import type { ProcessIdentity } from "@/server/agents/process-identity";
import { readControl } from "@/server/agents/read-control";
import type { EventFact } from "@/server/runs/append-event";
import { moveRun } from "@/server/runs/move-run";
import { AttemptFailed } from "./attempt-failed";
import { awaitDatabase } from "./await-database";
import { CancelAsked } from "./cancel-asked";
import { assertHeld, type Hold, type WorkerContext, workerActor } from "./context";
import type { Work } from "./load-work";
import type { LaunchPlan } from "./plan-launch";
import { describeReady, recordReady, type WorkspacePlan } from "./prepare-workspace";

/** What was prepared, and is committed together with the run's beginning. */
export interface Prepared {
  workspace: WorkspacePlan;
  notices: string[];
  launch: LaunchPlan;
}

/**
 * Commits that the run runs, with workspace, process and every id, and only then lets the agent take
 * its first prompt.
 * @throws AttemptFailed when the waiting process died; CancelAsked; HoldEnded.
 */
export async function beginRun(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  prepared: Prepared,
): Promise<void> {
  assertHeld(hold);
  const control = readControl(hold.controlPath);
  if (!control.agent || control.phase !== "ready") {
    throw new AttemptFailed("worker_lost", "The agent's process died before it was let go.");
  }
  const { driver, driverContext } = prepared.launch;
  const step = driver.begin(driverContext);
  const begin = {
    process: control.agent,
    keeperPid: control.keeper?.pid ?? null,
    step,
    firstInput: step.replies.join(""),
  };
  await awaitDatabase(context, hold, () =>
    context.db.transaction((tx) => commitBeginning(context, tx, hold, work, prepared, begin)),
  );
  await letGo(hold, { pending: begin.firstInput, offset: 0, isInputOver: step.isInputOver });
}

interface Beginning {
  process: ProcessIdentity;
  keeperPid: number | null;
  step: Step<unknown>;
  firstInput: string;
}

async function commitBeginning(
  context: WorkerContext,
  tx: Transaction,
  hold: Hold,
  work: Work,
  { workspace, notices, launch }: Prepared,
  { process, keeperPid, step, firstInput }: Beginning,
): Promise<void> {
  const now = new Date();
  const last = await findLastEntry(tx, hold, work);
  // Sent together: none needs another's answer.
  const [moved] = await Promise.all([
    moveRun(tx, {
      runId: hold.runId,
      to: "running",
      fence: hold.fence,
      set: {
        pid: process.pid,
        agentNativeId: launch.nativeSessionId,
        startedAt: work.run.startedAt ?? now,
      },
      actor: workerActor(context),
      data: { attempt: hold.attemptNumber },
      before: [describeReady(work, workspace, notices)],
      after: [describeStart(process, launch)],
      now,
    }),
    tx
      .update(attempts)
      .set({
        pid: process.pid,
        processStartTime: String(process.startTime),
        bootId: process.bootId,
        keeperPid,
        baseCommit: workspace.base,
        isolation: launch.command.isolation,
        isSandboxed: launch.command.isSandboxed,
        isResume: launch.driverContext.isResume,
        agentStartedAt: now,
        driverVersion: launch.driver.version,
        driverState: step.state,
        pendingStdin: firstInput,
        stdinBytes: Buffer.byteLength(firstInput),
        isInputOver: step.isInputOver,
        transcriptSeq: last + step.entries.length,
      })
      .where(eq(attempts.id, hold.attemptId)),
    appendEntries(tx, hold, step.entries, last, now),
    recordReady(tx, work, workspace, now),
  ]);
  // The move locked the row: whoever asks from here on finds a running agent and stops that.
  if (moved.cancelAskedAt) throw new CancelAsked();
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

function describeStart(process: ProcessIdentity, launch: LaunchPlan): EventFact {
  const data = {
    pid: process.pid,
    agentSessionId: launch.nativeSessionId,
    isolation: launch.command.isolation,
    isResume: launch.driverContext.isResume,
  };
  return { kind: "agent_started", data };
}

/** Entries are numbered over all attempts of a run. */
async function findLastEntry(tx: Transaction, hold: Hold, work: Work): Promise<number> {
  if (hold.attemptNumber === 1) return 0;
  const [row] = await tx
    .select({ last: sql<number>`coalesce(max(${transcriptEntries.seq}), 0)` })
    .from(transcriptEntries)
    .where(eq(transcriptEntries.runId, work.run.id));
  return Number(row?.last ?? 0);
}

async function appendEntries(
  tx: Transaction,
  hold: Hold,
  entries: Step<unknown>["entries"],
  last: number,
  now: Date,
): Promise<void> {
  if (entries.length === 0) return;
  await tx.insert(transcriptEntries).values(
    entries.map((entry, index) => ({
      runId: hold.runId,
      seq: last + index + 1,
      attemptId: hold.attemptId,
      at: now,
      entry,
    })),
  );
}

import { eq, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { attempts, transcriptEntries } from "@/db/schema";
import { appendStdin, closeStdin, giveGo } from "@/server/agents/agent-stdin";
import type { Step } from "@/server/agents/driver";
import type { ProcessIdentity } from "@/server/agents/process-identity";
import { readControl } from "@/server/agents/read-control";
import { crashAt } from "@/server/domain/crash-points";
import type { NativeSessionId } from "@/server/domain/ids";
import type { EventFact } from "@/server/runs/append-event";
import { moveRun } from "@/server/runs/move-run";
import type { NamedConversation } from "./ask-for-name";
import { AttemptFailed } from "./attempt-failed";
import { awaitDatabase } from "./await-database";
import { CancelAsked } from "./cancel-asked";
import { assertHeld, type Hold, type WorkerContext, workerActor } from "./context";
import { loadWork, type Work } from "./load-work";
import type { LaunchPlan } from "./plan-launch";
import { describeReady, recordReady, type WorkspacePlan } from "./prepare-workspace";
import { recordConversation } from "./record-conversation";

/** What was prepared, and is committed together with the run's beginning. */
export interface Prepared {
  workspace: WorkspacePlan;
  notices: string[];
  launch: LaunchPlan;
  /** What the agent named its conversation; null where the name is ours. */
  named: NamedConversation | null;
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
  const { named } = prepared;
  const control = readControl(hold.controlPath);
  if (!control.agent || control.phase !== (named ? "running" : "ready")) {
    throw new AttemptFailed("worker_lost", "The agent's process died before its prompt was sent.");
  }
  const { driver, driverContext } = prepared.launch;
  const step = driver.begin(driverContext, named?.state);
  const begin = {
    process: control.agent,
    keeperPid: control.keeper?.pid ?? null,
    step,
    firstInput: step.replies.join(""),
    offset: named?.stdinBytes ?? 0,
  };
  await crashAt("after:pid");
  await awaitDatabase(
    context,
    hold,
    () => context.db.transaction((tx) => commitBeginning(context, tx, hold, work, prepared, begin)),
    () => findBeginning(context, hold),
  );
  await crashAt("after:begin");
  const { firstInput: pending, offset } = begin;
  await letGo(hold, { pending, offset, isInputOver: step.isInputOver });
  await crashAt("after:go");
}

interface Beginning {
  process: ProcessIdentity;
  keeperPid: number | null;
  step: Step<unknown>;
  firstInput: string;
  /** Where in the agent's stdin it stands: behind what named the conversation. */
  offset: number;
}

async function commitBeginning(
  context: WorkerContext,
  tx: Transaction,
  hold: Hold,
  work: Work,
  { workspace, notices, launch, named }: Prepared,
  { process, keeperPid, step, firstInput, offset }: Beginning,
): Promise<void> {
  const now = new Date();
  const last = await findLastEntry(tx, hold, work);
  const nativeSessionId = named?.nativeSessionId ?? launch.nativeSessionId;
  if (named) await recordConversation(tx, hold, work, named.nativeSessionId);
  await appendEntries(tx, hold, step.entries, last, now);
  await tx
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
      stdinBytes: offset + Buffer.byteLength(firstInput),
      isInputOver: step.isInputOver,
      transcriptSeq: last + step.entries.length,
    })
    .where(eq(attempts.id, hold.attemptId));
  await recordReady(tx, work, workspace, now);
  const moved = await moveRun(tx, {
    runId: hold.runId,
    to: "running",
    fence: hold.fence,
    set: {
      pid: process.pid,
      agentNativeId: nativeSessionId,
      startedAt: work.run.startedAt ?? now,
    },
    actor: workerActor(context),
    data: { attempt: hold.attemptNumber },
    before: [
      describeReady(work, workspace, notices),
      ...(launch.notice ? [{ kind: "notice" as const, data: launch.notice }] : []),
    ],
    after: [describeStart(process, launch, nativeSessionId)],
    now,
  });
  // The move locked the row: whoever asks from here on finds a running agent and stops that.
  if (moved.cancelAskedAt) throw new CancelAsked();
}

/** Undefined when the run is known to run; null when it does not. */
async function findBeginning(context: WorkerContext, hold: Hold): Promise<undefined | null> {
  const { run } = await loadWork(context, hold);
  return run.status === "preparing" ? null : undefined;
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

function describeStart(
  process: ProcessIdentity,
  launch: LaunchPlan,
  agentSessionId: NativeSessionId | null,
): EventFact {
  const data = {
    pid: process.pid,
    agentSessionId,
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

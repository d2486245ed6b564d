import { and, eq, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { runEvents, runs } from "@/db/schema";
import { type EndedAgent, endAgent } from "@/server/agents/end-agent";
import { findInside } from "@/server/agents/find-inside";
import { readControl } from "@/server/agents/read-control";
import type { EndReason } from "@/server/domain/end-reasons";
import { AttemptSuperseded, describeError } from "@/server/domain/errors";
import { appendEvent, type EventFact } from "@/server/runs/append-event";
import { awaitDatabase } from "./await-database";
import { type Hold, type WorkerContext, workerActor } from "./context";

const interruptSeconds = 2;
const graceSeconds = 3;
const lookMs = 1_000;

export interface StopAgent {
  /** Why; null when it had said that it was done and did not go. */
  reason: EndReason | null;
  workspacePath: string | null;
}

/**
 * Ends an attempt's processes, step by step, and tells in an event what each step did and took. An
 * operator who cancels again ends the patience with the step under way.
 * @throws AttemptSuperseded, HoldEnded.
 */
export async function stopAgent(
  context: WorkerContext,
  hold: Hold,
  stop: StopAgent,
): Promise<EndedAgent> {
  const asks = await followAsks(context, hold, stop.reason);
  const ended = await endAgent({
    controlPath: hold.controlPath,
    mark: { runId: hold.runId, attemptId: hold.attemptId },
    interruptSeconds,
    graceSeconds,
    hurries: asks.sinceBegin,
  }).finally(asks.end);
  const fact = describeStop(hold, stop, ended);
  await awaitDatabase(context, hold, (isRepeated) =>
    context.db.transaction(async (tx) => {
      const [held] = await tx
        .select({ id: runs.id })
        .from(runs)
        .where(and(eq(runs.id, hold.runId), eq(runs.fence, hold.fence)))
        .for("update");
      if (!held) throw new AttemptSuperseded(hold.runId, hold.fence);
      if (isRepeated && (await isTold(tx, hold, fact))) return;
      const actor = workerActor(context);
      await appendEvent(tx, { runId: hold.runId, actor, ...fact, now: new Date() });
    }),
  );
  return ended;
}

/** The commit before this one may have gone through without our hearing of it. */
async function isTold(tx: Transaction, { runId }: Hold, { kind, data }: EventFact) {
  const same = sql`${runEvents.data} = ${JSON.stringify(data)}::jsonb`;
  const found = await tx
    .select({ id: runEvents.id })
    .from(runEvents)
    .where(and(eq(runEvents.runId, runId), eq(runEvents.kind, kind), same));
  return found.length > 0;
}

/** What is told of a stop: the steps with their times, who survived, and who may have hidden. */
export function describeStop(
  hold: Pick<Hold, "controlPath" | "attemptNumber">,
  { reason, workspacePath }: StopAgent,
  { steps, survivors }: EndedAgent,
): EventFact {
  const { namespaceInit } = readControl(hold.controlPath);
  // Only where nothing but the sweep vouches for the end is there anything to be unsure of.
  const inside = namespaceInit || !workspacePath ? [] : findInside(workspacePath);
  return {
    kind: "agent_stopped",
    data: {
      reason,
      attempt: hold.attemptNumber,
      steps: steps.map(({ act, tookMs, wasHurried }) => ({
        ...{ act, ms: Math.round(tookMs * 10) / 10 },
        ...(wasHurried ? { wasHurried } : {}),
      })),
      totalMs: Math.round(steps.reduce((sum, { tookMs }) => sum + tookMs, 0)),
      vouchedBy: namespaceInit ? "pid namespace" : "sweep",
      survivors,
      inside,
    },
  };
}

/**
 * How often cancel was asked beyond what began the stop: a notification says look, the row says how
 * often.
 */
async function followAsks(context: WorkerContext, hold: Hold, reason: EndReason | null) {
  const read = async () => {
    const [run] = await context.db
      .select({ asks: runs.cancelAsks })
      .from(runs)
      .where(eq(runs.id, hold.runId));
    return run?.asks ?? 0;
  };
  let latest = await awaitDatabase(context, hold, read);
  const first = reason === "cancelled_by_operator" ? 1 : latest;
  let isOver = false;
  const look = () => {
    if (isOver) return;
    read().then(
      (asks) => {
        latest = asks;
      },
      (error: unknown) => context.log(`run ${hold.runId}: ${describeError(error)}`),
    );
  };
  hold.onControl(look);
  const timer = setInterval(look, lookMs);
  return {
    sinceBegin: () => latest - first,
    end: () => {
      isOver = true;
      clearInterval(timer);
    },
  };
}

import { and, eq } from "drizzle-orm";
import { runs } from "@/db/schema";
import type { EndReason } from "@/server/domain/end-reasons";
import { AttemptSuperseded } from "@/server/domain/errors";
import { explainLimit } from "@/server/domain/limit-words";
import { type LimitReason, limitReasons } from "@/server/domain/limits-watch";
import { awaitDatabase } from "../await-database";
import type { Hold, WorkerContext } from "../context";
import type { Work } from "../load-work";
import type { Tail } from "../open-tail";
import { excuseSilence, judgeLimits, type LimitWatch, openLimitWatch } from "./judge-limits";
import { limitsOf } from "./limits-of";
import { tellLimitNear } from "./tell-limit-near";

const controlPauseMs = 2_000;

/** What decides whether an agent is stopped while it is followed. */
export interface StopWatch {
  limits: LimitWatch;
  isControlDue: boolean;
  controlLookedAt: number;
  isNearTold: boolean;
}

export function openStopWatch(hold: Hold, work: Work, tail: Tail): StopWatch {
  return {
    limits: openLimitWatch(hold.controlPath, work, tail),
    isControlDue: true,
    controlLookedAt: 0,
    isNearTold: work.attempt.limitNearAt !== null,
  };
}

/**
 * Why the agent is to be stopped now: a limit that is reached, or an operator. Null: it goes on. Near a
 * limit it is asked, once, to commit and sum up.
 * @throws AttemptSuperseded, HoldEnded.
 */
export async function findStop(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  tail: Tail,
  watch: StopWatch,
): Promise<EndReason | null> {
  const isLookDue = performance.now() - watch.controlLookedAt >= controlPauseMs;
  if (watch.isControlDue || isLookDue) {
    const look = await lookAtRun(context, hold, watch);
    if (look.isWaiting) excuseSilence(watch.limits);
    if (look.isCancelAsked) return "cancelled_by_operator";
  }
  const decision = judgeLimits(watch.limits, work, tail);
  if (decision?.kind === "hard") {
    // Whether it waits for an answer was seen up to two seconds ago.
    const isAsking =
      decision.reason === "stalled" && (await lookAtRun(context, hold, watch)).isWaiting;
    if (!isAsking) return decision.reason;
    excuseSilence(watch.limits);
  }
  if (decision?.kind === "soft" && !watch.isNearTold && !tail.isTerminal) {
    await tellLimitNear(context, hold, work, decision.reason);
    watch.isNearTold = true;
  }
  return null;
}

/** The error of an attempt that was stopped for this; null where the reason says all. */
export function explainStop(stop: EndReason, { run }: Work): string | null {
  return isLimit(stop) ? explainLimit(stop, limitsOf(run)) : null;
}

function isLimit(reason: EndReason): reason is LimitReason {
  return (limitReasons as readonly EndReason[]).includes(reason);
}

async function lookAtRun(context: WorkerContext, hold: Hold, watch: StopWatch) {
  watch.isControlDue = false;
  watch.controlLookedAt = performance.now();
  const [run] = await awaitDatabase(context, hold, () =>
    context.db
      .select({ cancelAskedAt: runs.cancelAskedAt, status: runs.status })
      .from(runs)
      .where(and(eq(runs.id, hold.runId), eq(runs.fence, hold.fence))),
  );
  if (!run) throw new AttemptSuperseded(hold.runId, hold.fence);
  return { isCancelAsked: run.cancelAskedAt !== null, isWaiting: run.status === "waiting" };
}

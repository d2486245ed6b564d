import { setTimeout as delay } from "node:timers/promises";
import { and, eq, inArray, isNotNull, ne } from "drizzle-orm";
import { deliveries } from "@/db/schema";
import { moveDelivery } from "@/server/delivery/move-delivery";
import { planDelivery } from "@/server/delivery/plan-delivery";
import { type DeliveryPolicy, isOpenDelivery } from "@/server/domain/delivery";
import { decideAim } from "@/server/domain/delivery-aim";
import { decideByPolicy, type EndFacts } from "@/server/domain/delivery-rules";
import { DomainError } from "@/server/domain/errors";
import type { DeliveryId, Sha } from "@/server/domain/ids";
import { decideVerdict, declaresNoChange } from "@/server/domain/verdicts";
import type { EventFact } from "@/server/runs/append-event";
import { awaitDatabase } from "../await-database";
import { assertHeld, type Hold, type WorkerContext, workerActor } from "../context";
import type { EndedWork } from "../end-run";
import type { Work } from "../load-work";
import { carryOutDelivery } from "./carry-out-delivery";
import { loadDeliveryWork } from "./load-delivery-work";

export interface PolicyDelivery {
  /** Why the work was not delivered although it was to be; null: it was, or nothing was to be. */
  problem: string | null;
  isDelivered: boolean;
  /** What the run's timeline says of it besides. */
  facts: EventFact[];
}

/** What is known of the work when its checks, if there are any, have been run. */
export interface FinishedWork {
  collected: Pick<EndedWork, "headCommit" | "commits"> | null;
  /** Null: there are no checks. */
  checksPassed: boolean | null;
}

const nothing: PolicyDelivery = { problem: null, isDelivered: false, facts: [] };

/**
 * Delivers what a run's workflow, or its repository, says: while the run is `finishing`, by the same steps
 * as by button. Done again after a kill it goes on with the delivery of this attempt.
 * @throws HoldEnded when the worker stops or lost its claim.
 */
export async function deliverByPolicy(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  end: FinishedWork,
): Promise<PolicyDelivery> {
  const policy = work.definition.delivery ?? work.repository.delivery;
  const decided = decideByPolicy(policy, judgeEnd(work, end));
  if (decided.deliver === "not") {
    return { ...nothing, facts: [{ kind: "notice", data: { text: decided.why } }] };
  }
  const headCommit = end.collected?.headCommit;
  if (decided.deliver === "nothing" || !policy || !headCommit) return nothing;
  try {
    const id = await awaitDatabase(context, hold, () =>
      planOnce(context, hold, work, policy, headCommit),
    );
    return await carryToItsEnd(context, hold, id);
  } catch (error) {
    assertHeld(hold);
    if (!(error instanceof DomainError)) throw error;
    return { ...nothing, problem: `The work was not delivered: ${error.message}` };
  }
}

/** Work that failed its checks, or of a run that somebody wanted to cancel, is for a person to deliver. */
function judgeEnd({ attempt, run }: Work, { collected, checksPassed }: FinishedWork): EndFacts {
  const isWanted = run.cancelAskedAt === null && checksPassed !== false;
  const isCompleted = attempt.endReason === "completed" && isWanted && collected !== null;
  const hasChanges = (collected?.commits.length ?? 0) > 0;
  const declaredNoChange = declaresNoChange(attempt.result);
  return { isCompleted, verdict: decideVerdict({ hasChanges, checksPassed, declaredNoChange }) };
}

async function planOnce(
  context: WorkerContext,
  hold: Hold,
  { run, repository, session }: Work,
  policy: DeliveryPolicy,
  sourceSha: Sha,
): Promise<DeliveryId> {
  const [known] = await context.db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(eq(deliveries.attemptId, hold.attemptId));
  if (known) return known.id;
  const { kind, method, target } = policy;
  if (kind === "none") throw new Error("a policy of nothing plans no delivery");
  const branch = session.branch;
  const aim = decideAim(
    { kind, method: kind === "merge" ? method : null, target },
    { branch, defaultBranch: repository.defaultBranch },
  );
  const now = new Date();
  return context.db.transaction(async (tx) => {
    await endOlder(context, tx, hold, now);
    return planDelivery(
      tx,
      {
        ...{ runId: run.id, sessionId: session.id, repositoryId: repository.id, ...aim, sourceSha },
        ...{ workerId: context.worker.id, attemptId: hold.attemptId },
        by: workerActor(context),
      },
      now,
    );
  });
}

/** What an earlier attempt was to deliver, on a host that was declared lost: this attempt has other work. */
async function endOlder(
  context: WorkerContext,
  tx: Parameters<typeof moveDelivery>[0],
  hold: Hold,
  now: Date,
): Promise<void> {
  const older = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.runId, hold.runId),
        inArray(deliveries.state, ["planned", "running"]),
        isNotNull(deliveries.attemptId),
        ne(deliveries.attemptId, hold.attemptId),
      ),
    );
  for (const { id } of older) {
    const problem = "Its attempt was given up before it was known to be delivered.";
    const set = { problem, hint: "Look at the origin; a later attempt delivers its own work." };
    const actor = workerActor(context);
    await moveDelivery(tx, { id, from: ["planned", "running"], to: "failed", set, actor, now });
  }
}

async function carryToItsEnd(
  context: WorkerContext,
  hold: Hold,
  id: DeliveryId,
): Promise<PolicyDelivery> {
  for (;;) {
    assertHeld(hold);
    const options = { isRunHeld: true, signal: hold.signal };
    await awaitDatabase(context, hold, () => carryOutDelivery(context, id, options));
    const { delivery } = await awaitDatabase(context, hold, () => loadDeliveryWork(context.db, id));
    const { state, problem, nextTryAt } = delivery;
    if (!isOpenDelivery(state)) {
      const isDelivered = state === "delivered";
      return { ...nothing, isDelivered, problem: isDelivered ? null : explain(state, problem) };
    }
    const pauseMs = Math.max(0, (nextTryAt?.getTime() ?? 0) - Date.now());
    await delay(pauseMs, undefined, { signal: hold.signal }).catch((error: unknown) => {
      assertHeld(hold);
      throw error;
    });
  }
}

function explain(state: string, problem: string | null): string {
  if (state === "undone") return "The delivery was withdrawn.";
  return problem ?? "The delivery failed.";
}

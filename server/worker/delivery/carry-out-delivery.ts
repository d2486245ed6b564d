import { isDatabaseAway } from "@/db/errors";
import { ForgeAway, ForgeRefused } from "@/server/delivery/forge/forge";
import { crashAt } from "@/server/domain/crash-points";
import { isOpenDelivery } from "@/server/domain/delivery";
import { describeCheckout, describeMove, judgePush } from "@/server/domain/delivery-rules";
import { DomainError, describeError, Unavailable } from "@/server/domain/errors";
import type { DeliveryId, Sha } from "@/server/domain/ids";
import { compareCommits } from "@/server/workspaces/compare-commits";
import { GitFailed } from "@/server/workspaces/git";
import { deliveryRef, mirrorPath } from "@/server/workspaces/layout";
import { pushBranch } from "@/server/workspaces/push-branch";
import { OriginUnreachable } from "@/server/workspaces/reach-origin";
import { readOriginBranches } from "@/server/workspaces/read-origin-branches";
import type { PushReport } from "@/server/workspaces/read-push-report";
import { requireCommits } from "@/server/workspaces/require-commits";
import { writeNewRef } from "@/server/workspaces/write-new-ref";
import type { WorkerContext } from "../context";
import { type DeliveryWork, loadDeliveryWork } from "./load-delivery-work";
import { closePullRequest, openPullRequest } from "./open-pull-request";
import { planResult } from "./plan-result";
import { putOff, recordDelivered, recordIntent, recordRefused } from "./record-delivered";

export interface CarryOut {
  /** The run is still `finishing` and waits for this. */
  isRunHeld?: boolean;
  signal?: AbortSignal;
}

const maxRounds = 5;

/**
 * Carries a delivery out as far as it goes now. What is to be pushed where is committed first, and the
 * push is a compare-and-swap, so it may be done again at any time: where the target stands tells whether it
 * has happened. What cannot be known now is put off.
 * @throws what the database throws, and whatever broke off because the signal fired.
 */
export async function carryOutDelivery(
  context: WorkerContext,
  id: DeliveryId,
  { isRunHeld = false, signal }: CarryOut = {},
): Promise<void> {
  for (let round = 1; round <= maxRounds; round += 1) {
    const work = await loadDeliveryWork(context.db, id);
    if (!isOpenDelivery(work.delivery.state)) return;
    try {
      if (await carryOutOnce(context, work, signal)) return;
    } catch (error) {
      if (isDatabaseAway(error) || signal?.aborted) throw error;
      const now = await loadDeliveryWork(context.db, id);
      if (!isOpenDelivery(now.delivery.state)) return;
      await settleFailure(context, now, error, isRunHeld);
      return;
    }
  }
  const { delivery } = await loadDeliveryWork(context.db, id);
  await putOff(
    context,
    delivery,
    `${delivery.target} moves faster than it can be merged into.`,
    isRunHeld,
  );
}

/** @returns false when the target moved meanwhile: all is looked at anew. */
async function carryOutOnce(
  context: WorkerContext,
  work: DeliveryWork,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { delivery, repository } = work;
  const { home } = context;
  const place = { home, repositoryId: repository.id, origin: repository.origin, signal };
  await requireCommits(home, repository.id, [delivery.sourceSha]);
  const branches = await readOriginBranches(place);
  const now = branches.get(delivery.target) ?? null;
  let intent: Intent = { oldSha: delivery.oldSha, resultSha: delivery.resultSha };
  const past = delivery.startedAt ? await judge(context, work, now) : "lost";
  if (past === "happened") return finish(context, work, intent);
  if (past === "lost") {
    const isMoved = delivery.holdsTarget && now !== delivery.oldSha;
    if (isMoved) return refuse(context, work, describeMove(delivery.target, delivery.oldSha, now));
    const planned = await planIntent(context, work, now);
    if (!planned) return true;
    intent = planned;
  }
  if (delivery.kind === "undo") await closePullRequest(context, work);
  await crashAt("before:push");
  const { oldSha: old, resultSha: result } = intent;
  const report = await pushBranch({ ...place, branch: delivery.target, old, result });
  await crashAt("after:push");
  if (report.outcome === "pushed") return finish(context, work, intent);
  if (report.outcome === "moved") return false;
  return refuse(context, work, explainReport(report, delivery.target));
}

interface Intent {
  oldSha: Sha | null;
  resultSha: Sha | null;
}

/** Null: it has ended, because there is nothing to push. */
async function planIntent(
  context: WorkerContext,
  work: DeliveryWork,
  now: Sha | null,
): Promise<Intent | null> {
  const { home } = context;
  const { delivery, repository } = work;
  const plan = await planResult({ ...work, home }, now);
  await crashAt("mid:merge");
  if (plan.act === "refuse") {
    await refuse(context, work, plan);
    return null;
  }
  if (plan.act === "conflict") {
    await recordRefused(context, delivery, { conflicts: plan.conflicts, oldSha: now });
    return null;
  }
  if (plan.act === "nothing") {
    await finish(context, work, { oldSha: now, resultSha: now });
    return null;
  }
  const { result } = plan;
  if (result) {
    const mirror = mirrorPath(home, repository.id);
    await writeNewRef({ home, mirror, ref: deliveryRef(delivery.id), sha: result });
  }
  const intent = { oldSha: now, resultSha: result };
  await recordIntent(context, delivery, intent);
  return intent;
}

/** Whether what was committed as an intent has been pushed before. */
async function judge(context: WorkerContext, work: DeliveryWork, now: Sha | null) {
  const { oldSha: old, resultSha: result } = work.delivery;
  const isBeyond = now !== null && result !== null && now !== result && now !== old;
  const apart = isBeyond
    ? await compareCommits({
        ...{ home: context.home, repositoryId: work.repository.id },
        ...{ first: result, second: now },
      })
    : null;
  return judgePush({ old, result }, now, apart?.onlyInFirst === 0);
}

/** Always true: it has ended. */
async function finish(context: WorkerContext, work: DeliveryWork, intent: Intent) {
  const opened = await openPullRequest(context, work);
  await recordDelivered(context, work.delivery, { ...intent, ...opened });
  return true;
}

async function refuse(
  context: WorkerContext,
  { delivery }: DeliveryWork,
  why: { problem: string; hint: string },
) {
  await recordRefused(context, delivery, { problem: why.problem, hint: why.hint });
  return true;
}

function explainReport({ outcome, reason, words }: PushReport, target: string) {
  if (outcome === "checked_out") return describeCheckout(target, null);
  const said = words ? `\n${words}` : "";
  return {
    problem: `The origin refused ${target} (${reason}); nothing was changed.${said}`,
    hint: "Deliver to a branch that it takes, or as a pull request; or have its rules changed.",
  };
}

/** Not reached is not refused: only a clear answer ends the delivery. */
async function settleFailure(
  context: WorkerContext,
  work: DeliveryWork,
  error: unknown,
  isRunHeld: boolean,
): Promise<void> {
  const { delivery } = work;
  const isAway =
    error instanceof OriginUnreachable ||
    error instanceof GitFailed ||
    error instanceof ForgeAway ||
    error instanceof Unavailable;
  if (error instanceof DomainError && !isAway) {
    const pushed = error instanceof ForgeRefused && delivery.kind === "pull_request";
    const before = pushed ? `The branch ${delivery.target} was pushed. ` : "";
    const hint = error.hint ?? "See what it says, then deliver again.";
    await recordRefused(context, delivery, { problem: `${before}${error.message}`, hint });
    return;
  }
  const what = describeError(error);
  context.log(`delivery ${delivery.id} of run ${delivery.runId}: ${what}`);
  await putOff(context, delivery, what, isRunHeld);
}

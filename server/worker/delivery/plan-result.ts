import type { FileConflict, MergeMethod } from "@/server/domain/delivery";
import { composeMergeMessage, composeRevertMessage } from "@/server/domain/delivery-message";
import {
  decideMerge,
  decidePush,
  describeCheckout,
  type Refusal,
  type TargetFacts,
} from "@/server/domain/delivery-rules";
import type { Sha } from "@/server/domain/ids";
import { type Built, buildDelivery, buildRevert } from "@/server/workspaces/build-delivery";
import { compareCommits } from "@/server/workspaces/compare-commits";
import { inspectLocalOrigin } from "@/server/workspaces/inspect-local-origin";
import type { Delivery, DeliveryWork } from "./load-delivery-work";

/** What there is to push, if anything; null deletes the branch. */
export type ResultPlan =
  | { act: "push"; result: Sha | null }
  | { act: "nothing" }
  | ({ act: "refuse" } & Refusal)
  | { act: "conflict"; conflicts: FileConflict[] };

/** A delivery, or one that is only looked at and has no row. */
export interface PlannedWork extends Omit<DeliveryWork, "delivery"> {
  home: string;
  delivery: Pick<Delivery, "kind" | "method" | "target" | "sourceSha" | "by" | "askedAt">;
}

/**
 * Finds, with the target where it stands now, what has to be pushed to it: merges are made in the mirror
 * here, under no ref. Changes nothing that anybody sees.
 * @throws Unprocessable for histories that cannot be put together, GitFailed.
 */
export async function planResult(work: PlannedWork, now: Sha | null): Promise<ResultPlan> {
  const { delivery, ours } = work;
  const refusal = await findCheckout(work);
  if (refusal) return { act: "refuse", ...refusal };
  if (delivery.kind === "undo") return planUndo(work, now);
  const facts = await readFacts(work, now);
  const { target, sourceSha } = delivery;
  if (delivery.kind !== "merge") {
    const decided = decidePush(facts, target, ours);
    return decided.act === "push" ? { act: "push", result: sourceSha } : decided;
  }
  const method = delivery.method as MergeMethod; // the row's constraint holds it
  const decided = decideMerge(facts, target, method);
  if (decided.act !== "push" || now === null) return decided as ResultPlan;
  return toPlan(
    await buildDelivery({
      ...placeOf(work),
      ...{ method, target: now, source: sourceSha, at: delivery.askedAt },
      message: composeMergeMessage(work.run, {
        ...{ isSquash: method === "squash", target, by: delivery.by },
      }),
    }),
    now,
  );
}

const placeOf = ({ home, repository }: PlannedWork) => ({ home, repositoryId: repository.id });

/** A rebase may leave nothing that the target does not have. */
function toPlan(built: Built, now: Sha): ResultPlan {
  if ("conflicts" in built) return { act: "conflict", conflicts: built.conflicts };
  return built.sha === now ? { act: "nothing" } : { act: "push", result: built.sha };
}

async function planUndo(work: PlannedWork, now: Sha | null): Promise<ResultPlan> {
  const { delivery, undone, run } = work;
  if (!undone?.resultSha || now === null) return { act: "nothing" };
  if (delivery.method === "delete_branch") return { act: "push", result: null };
  if (delivery.method === "move_back") return { act: "push", result: undone.oldSha };
  if (!undone.oldSha) return { act: "nothing" };
  const message = composeRevertMessage(run, undone.resultSha, delivery.by);
  const sides = { target: now, before: undone.oldSha, after: undone.resultSha };
  return toPlan(
    await buildRevert({ ...placeOf(work), ...sides, message, at: delivery.askedAt }),
    now,
  );
}

async function readFacts(work: PlannedWork, now: Sha | null): Promise<TargetFacts> {
  const { sourceSha } = work.delivery;
  const facts = { target: now, source: sourceSha };
  if (now === null) return { ...facts, isTargetInSource: false, isSourceInTarget: false };
  const apart = await compareCommits({ ...placeOf(work), first: now, second: sourceSha });
  return {
    ...facts,
    isTargetInSource: apart.onlyInFirst === 0,
    isSourceInTarget: apart.onlyInSecond === 0,
  };
}

/** Somebody's files on this host would be left behind their branch. */
async function findCheckout({ home, repository, delivery }: PlannedWork): Promise<Refusal | null> {
  if (!repository.origin.startsWith("/")) return null;
  const { checkouts } = await inspectLocalOrigin(home, repository.origin);
  const folder = checkouts.get(delivery.target);
  return folder ? describeCheckout(delivery.target, folder) : null;
}

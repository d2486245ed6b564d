import type { Actor } from "@/server/domain/actor";
import type { ReviewWay } from "@/server/domain/review";
import { findAvailableActions } from "@/server/domain/run";
import type { ReviewedRun } from "./require-run";

/** How a review of this run would be sent now; null when its agent can be told nothing at the moment. */
export function findReviewWay(run: ReviewedRun, actor: Actor): ReviewWay | null {
  const actions = findAvailableActions(
    { ...run, isCancelAsked: run.cancelAskedAt !== null },
    actor,
  );
  if (actions.includes("continue")) return "next_run";
  return actions.includes("steer") ? "message" : null;
}

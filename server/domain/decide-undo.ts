import type { DeliveryKind, DeliveryState, PullRequestState, UndoMethod } from "./delivery";
import type { Refusal } from "./delivery-rules";

export interface DeliveredFacts {
  kind: DeliveryKind;
  state: DeliveryState;
  target: string;
  oldSha: string | null;
  resultSha: string | null;
  pullRequestState: PullRequestState | null;
}

export interface OriginNow {
  /** Where the target stands now; null: there is no such branch. */
  target: string | null;
  isResultInTarget: boolean;
}

export type UndoDecision = { method: UndoMethod; sentence: string } | ({ method: null } & Refusal);

/**
 * How a delivery can be taken back as the origin stands: the branch deleted or moved back while it is
 * still where we left it, else one commit more that takes the change back.
 */
export function decideUndo(
  delivery: DeliveredFacts,
  now: OriginNow,
  wantsRevert = false,
): UndoDecision {
  const refusal = findRefusal(delivery, now);
  if (refusal) return { method: null, ...refusal };
  const { target, oldSha, resultSha } = delivery;
  const isOurs = now.target === resultSha;
  if (isOurs && oldSha === null && !wantsRevert) {
    const closing =
      delivery.pullRequestState === "open" ? "The pull request is closed and the" : "The";
    const sentence = `${closing} branch ${target} is deleted at the origin. The work stays in Coppice.`;
    return { method: "delete_branch", sentence };
  }
  if (isOurs && oldSha !== null && !wantsRevert) {
    const sentence = `${target} is moved back from ${short(resultSha)} to ${short(oldSha)}, where it stood before.`;
    return { method: "move_back", sentence };
  }
  if (oldSha === null) {
    return {
      method: null,
      problem: isOurs
        ? `${target} was made by this delivery, so there is nothing before it to go back to.`
        : `Others have added commits to ${target}, which this delivery made.`,
      hint: isOurs
        ? "Undo it without a revert: the branch is deleted."
        : "Delete the branch at the origin once theirs are safe.",
    };
  }
  const why = isOurs ? "" : `${target} has gone on since. `;
  return {
    method: "revert",
    sentence: `${why}One commit that takes the change back is added to ${target}.`,
  };
}

function findRefusal(
  { kind, state, target, oldSha, resultSha, pullRequestState }: DeliveredFacts,
  now: OriginNow,
): Refusal | null {
  if (state !== "delivered" || kind === "undo") {
    return { problem: "There is nothing to undo.", hint: "Only what was delivered can be undone." };
  }
  if (resultSha === oldSha) {
    return {
      problem: "The origin had the work already; the delivery changed nothing.",
      hint: "Undo the delivery that brought it there.",
    };
  }
  if (pullRequestState === "merged") {
    return {
      problem: "The pull request is merged.",
      hint: "Revert it on the forge.",
    };
  }
  if (now.target === null) {
    return { problem: `${target} is gone at the origin.`, hint: "There is nothing left to undo." };
  }
  if (now.target !== resultSha && !now.isResultInTarget) {
    return {
      problem: `What was delivered is no longer in ${target}: it was rewritten meanwhile.`,
      hint: "There is nothing left to undo.",
    };
  }
  return null;
}

const short = (sha: string | null) => sha?.slice(0, 10) ?? "nothing";

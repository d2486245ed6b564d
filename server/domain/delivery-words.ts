import type { DeliveryKind, DeliveryMethod, DeliveryState } from "./delivery";

/** How deliveries are told, on pages and in the terminal. */
export const deliveryWords = {
  kinds: {
    push: "Push",
    merge: "Merge",
    pull_request: "Pull request",
    undo: "Undo",
  } satisfies Record<DeliveryKind, string>,
  methods: {
    fast_forward: "fast-forward",
    merge_commit: "merge commit",
    squash: "squash",
    rebase: "rebase",
    delete_branch: "branch deleted",
    move_back: "moved back",
    revert: "revert commit",
  } satisfies Record<DeliveryMethod, string>,
  states: {
    planned: "planned",
    running: "under way",
    delivered: "delivered",
    refused: "refused",
    conflict: "conflict",
    failed: "failed",
    undone: "undone",
  } satisfies Record<DeliveryState, string>,
} as const;

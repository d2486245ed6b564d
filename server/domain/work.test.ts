import { expect, test } from "vitest";
import { decideLeftoverWhereabouts, decideWhereabouts } from "./work";

const nowhere = {
  isInMirror: true,
  isInDefaultBranch: false,
  isInOrigin: false,
  isOnBranch: false,
  isKept: false,
  equal: null,
};
const equal = { by: "squash" as const, as: "b".repeat(40) };

test.each([
  ["an ancestor of the default branch", { isInDefaultBranch: true, isInOrigin: true }, "merged"],
  ["a copy in the default branch", { equal, isInOrigin: true }, "merged"],
  ["another ref of the origin", { isInOrigin: true, isOnBranch: true, isKept: true }, "pushed"],
  ["a branch of the mirror", { isOnBranch: true, isKept: true }, "only_here"],
  ["a keep ref alone", { isKept: true }, "in_keep_ref"],
  ["nothing at all", {}, "missing"],
  ["no object", { isInMirror: false, isKept: true }, "missing"],
])("knows work by %s", (_what, reach, whereabouts) => {
  expect(decideWhereabouts({ ...nowhere, ...reach }, false).whereabouts).toBe(whereabouts);
});

test("tells how work was merged, the nearest way first, and nothing of the kind else", () => {
  expect(decideWhereabouts({ ...nowhere, isInDefaultBranch: true, equal }, false)).toEqual({
    whereabouts: "merged",
    mergedBy: "history",
    mergedAs: null,
  });
  expect(decideWhereabouts({ ...nowhere, equal }, false)).toEqual({
    whereabouts: "merged",
    mergedBy: "squash",
    mergedAs: equal.as,
  });
  expect(decideWhereabouts({ ...nowhere, isOnBranch: true }, false)).toMatchObject({
    mergedBy: null,
    mergedAs: null,
  });
});

test("calls work gone only if it was let go, and never while something holds it", () => {
  expect(decideWhereabouts({ ...nowhere, isInMirror: false }, true).whereabouts).toBe("gone");
  expect(decideWhereabouts(nowhere, true).whereabouts).toBe("gone");
  expect(decideWhereabouts({ ...nowhere, isKept: true }, true).whereabouts).toBe("in_keep_ref");
});

test.each([
  ["lies there", { isThere: true }, "in_workspace"],
  ["was captured since", { isThere: true, isCapturedSince: true }, "in_keep_ref"],
  ["is not there any more", {}, "missing"],
  ["was let go and is not there", { isLetGo: true }, "gone"],
  ["was let go and lies there", { isLetGo: true, isThere: true }, "in_workspace"],
])("knows a leftover that %s", (_what, facts, whereabouts) => {
  const none = { isThere: false, isCapturedSince: false, isLetGo: false };
  const leftover = { reason: "uncaptured" as const, ...none, ...facts };
  expect(decideLeftoverWhereabouts(leftover)).toBe(whereabouts);
});

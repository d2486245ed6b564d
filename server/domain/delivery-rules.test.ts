import { describe, expect, it } from "vitest";
import { decideUndo } from "./decide-undo";
import {
  decideByPolicy,
  decideMerge,
  decideNextTry,
  decidePush,
  judgePush,
} from "./delivery-rules";
import { composeCompareUrl, readForgeRepository } from "./forge-links";

const apart = { target: "t", source: "s", isTargetInSource: false, isSourceInTarget: false };

describe("decidePush", () => {
  it.each([
    ["a new branch", { ...apart, target: null }, [], "push"],
    ["a branch that moves forward", { ...apart, isTargetInSource: true }, [], "push"],
    ["a branch where we left it", apart, ["t"], "push"],
    ["a branch that others moved", apart, ["other"], "refuse"],
    ["a branch that has the work", { ...apart, isSourceInTarget: true }, ["t"], "nothing"],
    ["a branch at the work", { ...apart, target: "s" }, [], "nothing"],
  ])("answers for %s", (_, facts, ours, act) => {
    expect(decidePush(facts, "b", ours).act).toBe(act);
  });
});

it("fast-forwards only where nothing is lost", () => {
  expect(decideMerge(apart, "main", "fast_forward").act).toBe("refuse");
  expect(decideMerge({ ...apart, isTargetInSource: true }, "main", "fast_forward").act).toBe(
    "push",
  );
  expect(decideMerge(apart, "main", "squash").act).toBe("push");
  expect(decideMerge({ ...apart, target: null }, "main", "squash").act).toBe("refuse");
  expect(decideMerge({ ...apart, isSourceInTarget: true }, "main", "rebase").act).toBe("nothing");
});

it("tells by the origin alone whether a push happened", () => {
  const intent = { old: "a", result: "b" };
  expect(judgePush(intent, "b", true)).toBe("happened");
  expect(judgePush(intent, "a", false)).toBe("not_yet");
  expect(judgePush(intent, "c", true)).toBe("happened");
  expect(judgePush(intent, "c", false)).toBe("lost");
  expect(judgePush({ old: "a", result: null }, null, false)).toBe("happened");
  expect(judgePush({ old: "a", result: null }, "c", true)).toBe("lost");
  expect(judgePush({ old: null, result: "b" }, null, false)).toBe("not_yet");
});

describe("decideByPolicy", () => {
  const merge = { kind: "merge" as const, when: "verified" as const };
  it.each([
    [null, true, "verified", "nothing"],
    [{ ...merge, kind: "none" as const }, true, "verified", "nothing"],
    [merge, true, "verified", "now"],
    [merge, true, "unverified", "not"],
    [{ ...merge, when: "success" as const }, true, "unverified", "now"],
    [merge, true, "nothing_produced", "nothing"],
    [{ ...merge, when: "success" as const }, false, "unverified", "nothing"],
  ] as const)(
    "of %j, completed %s and %s, delivers %s",
    (policy, isCompleted, verdict, deliver) => {
      expect(decideByPolicy(policy, { isCompleted, verdict }).deliver).toBe(deliver);
    },
  );
});

it("asks an origin again ever more rarely, and at last no more", () => {
  expect([1, 2, 3].map((tries) => decideNextTry(tries, true))).toEqual([2, 5, null]);
  const pauses = [1, 2, 3, 4, 5, 6, 7].map((tries) => decideNextTry(tries, false));
  expect(pauses).toEqual([5, 15, 60, 300, 900, 3600, null]);
});

describe("decideUndo", () => {
  const merged = {
    kind: "merge" as const,
    state: "delivered" as const,
    target: "main",
    oldSha: "a",
    resultSha: "b",
    pullRequestState: null,
  };
  const pushed = { ...merged, kind: "push" as const, oldSha: null };
  const ours = { target: "b", isResultInTarget: true };
  const gone = { target: "c", isResultInTarget: true };
  it.each([
    [pushed, ours, false, "delete_branch"],
    [pushed, ours, true, null],
    [pushed, gone, false, null],
    [merged, ours, false, "move_back"],
    [merged, ours, true, "revert"],
    [merged, gone, false, "revert"],
    [merged, { target: "c", isResultInTarget: false }, false, null],
    [merged, { target: null, isResultInTarget: false }, false, null],
    [{ ...merged, oldSha: "b" }, ours, false, null],
    [{ ...merged, state: "undone" as const }, ours, false, null],
    [{ ...pushed, pullRequestState: "merged" as const }, ours, false, null],
  ])("of %j with %j, revert wanted %s: %s", (delivery, now, wantsRevert, method) => {
    expect(decideUndo(delivery, now, wantsRevert).method).toBe(method);
  });
});

it.each([
  ["https://github.com/acme/app.git", "https://github.com/acme/app/compare/main...fix/a%23b"],
  ["git@github.com:acme/app.git", "https://github.com/acme/app/compare/main...fix/a%23b"],
  [
    "ssh://git@gitlab.example.org:2222/group/sub/app.git",
    "https://gitlab.example.org/group/sub/app/-/merge_requests/new?merge_request%5Bsource_branch%5D=fix%2Fa%23b&merge_request%5Btarget_branch%5D=main",
  ],
  [
    "https://bitbucket.org/acme/app",
    "https://bitbucket.org/acme/app/pull-requests/new?source=fix%2Fa%23b&dest=main",
  ],
  ["https://codeberg.org/acme/app.git", "https://codeberg.org/acme/app/compare/main...fix/a%23b"],
  ["https://git.example.org/acme/app.git", null],
  ["/srv/git/app.git", null],
])("links %s to the page that makes a pull request", (origin, url) => {
  expect(composeCompareUrl(origin, "main", "fix/a#b")).toBe(url);
});

it("reads a forge's repository only where there is one", () => {
  expect(readForgeRepository("https://github.com/acme/app")?.path).toBe("acme/app");
  expect(readForgeRepository("https://github.com/acme")).toBeNull();
});

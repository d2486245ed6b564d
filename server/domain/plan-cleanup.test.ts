import { describe, expect, test } from "vitest";
import type { OutputFacts, SpoolFacts, WorkspaceFacts } from "./cleanup";
import { decideWorkspace, rankNewest } from "./decide-workspace";
import { agedKeepBytes } from "./output-trim";
import { type CleanupFacts, planCleanup } from "./plan-cleanup";
import { findRules, type PolicyRules } from "./retention";

const now = new Date("2026-06-30T12:00:00Z");
const mebibyte = 1024 ** 2;
const host = { workerId: "w1", name: "build-1", isAlive: true };
const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 3600 * 1000);

function rulesOf(given: PolicyRules) {
  const policies = { installation: given, repositories: new Map(), workflows: new Map() };
  return findRules(policies, { repository: "shop", workflow: "nightly" });
}

/** A workspace of a run that succeeded 20 days ago: due by the defaults, but for the newest five. */
function workspace(given: Partial<WorkspaceFacts> = {}, rules: PolicyRules = {}): WorkspaceFacts {
  return {
    ...{ id: "s1", kind: "temporary", state: "ready", repository: "shop", workflow: "nightly" },
    ...{ host, bytes: 500, createdAt: daysAgo(21), openRun: null, pinnedBy: null },
    last: { id: "r1", number: 7, status: "succeeded", endedAt: daysAgo(20) },
    ...{ isBeingRead: false, isUncollected: false, leftOut: [] },
    ...rulesOf(rules),
    ...given,
  };
}

const decide = (facts: WorkspaceFacts, newerOnes = 5) => decideWorkspace(facts, newerOnes, now);
const ended = (status: "succeeded" | "failed" | "cancelled", days: number) => ({
  last: { id: "r1", number: 7, status, endedAt: daysAgo(days) },
});

describe("a workspace", () => {
  test("goes when its time is over and nothing keeps it", () => {
    expect(decide(workspace())).toEqual({
      verdict: "remove",
      reason: "run #7 succeeded on 2026-06-10; the built-in default keeps it 14 days",
    });
  });

  test("stays to the last moment of its time", () => {
    const at = new Date(daysAgo(14).getTime() + 1);
    const facts = workspace({ last: { id: "r1", number: 7, status: "succeeded", endedAt: at } });
    expect(decide(facts)).toMatchObject({
      verdict: "keep",
      until: new Date(now.getTime() + 1),
    });
    expect(decide(workspace(ended("succeeded", 14)))).toMatchObject({ verdict: "remove" });
  });

  test.each(["failed", "cancelled"] as const)("of a %s run stays longer", (status) => {
    expect(decide(workspace(ended(status, 20)))).toMatchObject({ verdict: "keep" });
    expect(decide(workspace(ended(status, 30)))).toMatchObject({ verdict: "remove" });
  });

  test.each([
    [{ openRun: 9 }, "run #9 needs it"],
    [{ pinnedBy: "member:Ada" }, "member:Ada pinned it"],
    [{ isBeingRead: true }, "somebody is reading it"],
    [{ kind: "persistent" }, "it is persistent"],
  ] as const)("stays whatever its age: %j", (given, why) => {
    const decision = decide(workspace({ ...given, ...ended("succeeded", 4000) }));
    expect(decision).toMatchObject({ verdict: "keep", until: null });
    expect(decision).toHaveProperty("why", expect.stringContaining(why));
  });

  test("that is persistent goes where a policy says so", () => {
    const facts = workspace({ kind: "persistent" }, { removesPersistent: true });
    expect(decide(facts)).toMatchObject({ verdict: "remove" });
  });

  test("is kept for ever by a policy that says never", () => {
    const facts = workspace(ended("succeeded", 4000), { succeededDays: "never" });
    expect(decide(facts)).toMatchObject({ verdict: "keep", until: null });
  });

  test("stays while it is among the newest of its workflow and repository", () => {
    expect(decide(workspace(), 4)).toMatchObject({ verdict: "keep", until: null });
    const all = [
      workspace({ id: "old", ...ended("succeeded", 30) }),
      workspace({ id: "new", ...ended("succeeded", 20) }),
      workspace({ id: "running", openRun: 3, ...ended("succeeded", 90) }),
      workspace({ id: "other", workflow: "build", ...ended("succeeded", 90) }),
      workspace({ id: "elsewhere", repository: "site", ...ended("succeeded", 90) }),
    ];
    expect(Object.fromEntries(rankNewest(all))).toEqual({
      ...{ running: 0, new: 1, old: 2, other: 0, elsewhere: 0 },
    });
  });

  test("is blocked, and says what would be lost, while work is stored nowhere else", () => {
    expect(decide(workspace({ isUncollected: true, leftOut: ["secret.bin"] }))).toMatchObject({
      verdict: "blocked",
      loses: [
        "the work of its last run, which could not be collected",
        "the file secret.bin, which is in no snapshot",
      ],
    });
  });

  test("is blocked while its host is away or it has none", () => {
    const away = decide(workspace({ host: { ...host, isAlive: false } }));
    expect(away).toMatchObject({ verdict: "blocked", loses: [] });
    expect(away).toHaveProperty("blocked", expect.stringContaining("build-1"));
    expect(decide(workspace({ host: null }))).toMatchObject({ verdict: "blocked" });
  });

  test("in which no run ever ended counts from its making", () => {
    expect(decide(workspace({ last: null, createdAt: daysAgo(29) }))).toMatchObject({
      verdict: "keep",
    });
    expect(decide(workspace({ last: null, createdAt: daysAgo(30) }))).toMatchObject({
      verdict: "remove",
    });
  });
});

function output(given: Partial<OutputFacts> = {}, rules: PolicyRules = {}): OutputFacts {
  return {
    ...{ runId: "r1", number: 7, repository: "shop", workflow: "nightly" },
    ...{ endedAt: daysAgo(100), pinnedBy: null, isBeingRead: false },
    streams: [{ storedBytes: 10 * mebibyte, keptBytes: null }],
    ...rulesOf(rules),
    ...given,
  };
}

const plan = (given: Partial<CleanupFacts>) =>
  planCleanup(
    {
      ...{ workspaces: [], outputs: [], spools: [] },
      ...{ totalOutputBytes: 0, maxTotalOutputBytes: null },
      ...given,
    },
    now,
  );

describe("output", () => {
  test("of an old run is cut to its beginning and end", () => {
    const [item, ...others] = plan({ outputs: [output()] });
    expect(others).toEqual([]);
    expect(item).toMatchObject({
      kind: "output",
      bytes: 10 * mebibyte - agedKeepBytes,
      trim: { reason: "too_old", keepBytes: agedKeepBytes },
      blocked: null,
    });
  });

  test("of a young run stays unless it is larger than the limit", () => {
    const young = { endedAt: daysAgo(1) };
    expect(plan({ outputs: [output(young)] })).toEqual([]);
    const [item] = plan({ outputs: [output(young, { maxOutputBytes: 4 * mebibyte })] });
    expect(item).toMatchObject({
      bytes: 6 * mebibyte,
      trim: { reason: "too_large", keepBytes: 4 * mebibyte },
    });
  });

  test("that was cut so far before, is pinned, is read, or is small is left alone", () => {
    const cut = [{ storedBytes: 2 * mebibyte, keptBytes: agedKeepBytes }];
    const small = [{ storedBytes: mebibyte, keptBytes: null }];
    const outputs = [
      output({ streams: cut }),
      output({ streams: small }),
      output({ pinnedBy: "member:Ada" }),
      output({ isBeingRead: true }),
      output({}, { outputDays: "never" }),
    ];
    expect(plan({ outputs })).toEqual([]);
  });

  test("of the oldest goes first when all together is too large, and no more than needed", () => {
    const young = (runId: string, days: number) => output({ runId, endedAt: daysAgo(days) });
    const outputs = [young("a", 9), young("b", 8), young("c", 7)];
    const items = plan({
      ...{ outputs, totalOutputBytes: 30 * mebibyte, maxTotalOutputBytes: 15 * mebibyte },
    });
    expect(items.map(({ runId, trim }) => [runId, trim?.reason])).toEqual([
      ["a", "total_too_large"],
      ["b", "total_too_large"],
    ]);
  });
});

test("a control folder goes when its time is over, and is blocked while its host is away", () => {
  const spool: SpoolFacts = {
    ...{ attemptId: "a1", runId: "r1", number: 7, repository: "shop", workflow: "nightly" },
    ...{ host, endedAt: daysAgo(7), pinnedBy: null, bytes: 10, ...rulesOf({}) },
  };
  const spools = [
    spool,
    { ...spool, attemptId: "a2", endedAt: daysAgo(6) },
    { ...spool, attemptId: "a3", pinnedBy: "member:Ada" },
    { ...spool, attemptId: "a4", host: { ...host, isAlive: false } },
  ];
  const items = plan({ spools });
  expect(items.map(({ attemptId, blocked }) => [attemptId, blocked === null])).toEqual([
    ["a1", true],
    ["a4", false],
  ]);
});

test("nothing that is free to go would lose anything", () => {
  const workspaces = Array.from({ length: 8 }, (_, index) =>
    workspace({
      id: `s${index}`,
      isUncollected: index % 2 === 0,
      ...ended("succeeded", 40 + index),
    }),
  );
  const items = plan({ workspaces });
  expect(items).toHaveLength(3);
  for (const { loses, blocked } of items) expect(loses.length > 0).toBe(blocked !== null);
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { usageEntries } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import {
  insertAttempt,
  insertRepository,
  insertRun,
  insertWorker,
  insertWorkflow,
} from "@/db/testing-rows";
import type { UsageGroup } from "@/server/domain/usage-report";
import { readUsage } from "./read-usage";

const now = new Date("2026-03-10T12:00:00Z");
let database: TestDatabase;

type Told = [model: string | null, input: number | null, cost: number | null];

beforeAll(async () => {
  database = await createTestDatabase();
  const worker = await insertWorker(database.db);
  const shop = await insertRepository(database.db, { name: "shop" });
  const other = await insertRepository(database.db, { name: "other" });
  const builder = await insertWorkflow(database.db, { name: "builder" });
  const brain = await insertWorkflow(database.db, { name: "brain" });
  const add = async (
    place: { repositoryId: typeof shop.id; workflow: typeof builder; createdBy: string },
    tries: { at: string; told: Told[] }[],
  ) => {
    const { run } = await insertRun(database.db, {
      session: { repositoryId: place.repositoryId },
      workflow: place.workflow,
      createdBy: place.createdBy,
    });
    for (const [index, { at, told }] of tries.entries()) {
      const attempt = await insertAttempt(database.db, {
        ...{ runId: run.id, workerId: worker.id, number: index + 1 },
      });
      await database.db.insert(usageEntries).values(
        told.map(([model, input, cost]) => ({
          ...{ attemptId: attempt.id, model, inputTokens: input, costUsd: cost },
          ...{ outputTokens: input === null ? null : 10, cachedTokens: 0, at: new Date(at) },
        })),
      );
    }
  };
  const ada = { repositoryId: shop.id, workflow: builder, createdBy: "member:Ada" };
  await add(ada, [
    {
      at: "2026-03-01T23:59:59Z",
      told: [
        ["opus", 100, 1],
        ["haiku", 5, 0.25],
      ],
    },
    { at: "2026-03-02T00:00:00Z", told: [["opus", 50, 0.5]] },
  ]);
  await add(ada, [{ at: "2026-03-02T10:00:00Z", told: [[null, null, null]] }]);
  await add({ ...ada, workflow: brain, repositoryId: other.id, createdBy: "token:nightly" }, [
    { at: "2026-03-05T10:00:00Z", told: [["gpt", 1000, null]] },
  ]);
  await add(ada, [{ at: "2025-12-31T10:00:00Z", told: [["opus", 7, 7]] }]);
});
afterAll(() => database.drop());

const read = (input: Parameters<typeof readUsage>[1] = {}) => readUsage(database.db, input, now);

describe("the usage", () => {
  it("of the last thirty days is the sum over models, attempts and runs", async () => {
    const { since, until, total } = await read();
    expect([since, until]).toEqual(["2026-02-09", "2026-03-10"]);
    expect(total).toEqual({
      ...{ runs: 3, attempts: 4, inputTokens: 1155, outputTokens: 40, cachedTokens: 0 },
      ...{ costUsd: 1.75, unknownCostRuns: 2, unknownTokenRuns: 1 },
    });
  });

  it("of a day is of attempts that ended in it, by UTC; empty days are left out", async () => {
    const { days } = await read();
    expect(days.map(({ day, costUsd, attempts }) => [day, costUsd, attempts])).toEqual([
      ["2026-03-01", 1.25, 1],
      ["2026-03-02", 0.5, 2],
      ["2026-03-05", null, 1],
    ]);
    const one = await read({ since: "2026-03-02", until: "2026-03-02" });
    expect(one.total).toMatchObject({ costUsd: 0.5, runs: 2, unknownCostRuns: 1 });
  });

  it.each<[UsageGroup, unknown[]]>([
    [
      "model",
      [
        ["opus", 1.5, 0],
        ["haiku", 0.25, 0],
        ["gpt", null, 1],
        ["not told", null, 1],
      ],
    ],
    [
      "workflow",
      [
        ["builder", 1.75, 1],
        ["brain", null, 1],
      ],
    ],
    [
      "repository",
      [
        ["shop", 1.75, 1],
        ["other", null, 1],
      ],
    ],
    [
      "person",
      [
        ["member:Ada", 1.75, 1],
        ["token:nightly", null, 1],
      ],
    ],
    ["agent", [["shell", 1.75, 2]]],
    [
      "day",
      [
        ["2026-03-01", 1.25, 0],
        ["2026-03-02", 0.5, 1],
        ["2026-03-05", null, 1],
      ],
    ],
  ])("is added up by %s, the largest first, with what is unknown counted", async (by, expected) => {
    const { groups } = await read({ by });
    const found = groups.map(({ name, costUsd, unknownCostRuns }) => [
      name,
      costUsd,
      unknownCostRuns,
    ]);
    expect(found.slice(0, 2)).toEqual(expected.slice(0, 2));
    expect(new Set(found.map(String))).toEqual(new Set(expected.map(String)));
  });

  it("by session has one group a session, named as it is", async () => {
    const { groups } = await read({ by: "session" });
    expect(groups).toHaveLength(3);
    expect(groups[0]).toMatchObject({ costUsd: 1.75, runs: 1, attempts: 2 });
  });

  it("keeps only what meets every filter", async () => {
    expect((await read({ model: "opus", workflow: "builder" })).total.costUsd).toBe(1.5);
    expect((await read({ repository: "other" })).total).toMatchObject({ runs: 1, costUsd: null });
    const none = await read({ createdBy: "member:Bob" });
    expect(none).toMatchObject({ days: [], groups: [], total: { runs: 0, unknownCostRuns: 0 } });
  });

  it.each([
    ["a day that is none", { since: "2026-02-30" }],
    ["a range that is turned round", { since: "2026-03-02", until: "2026-03-01" }],
    ["a range of years", { since: "2020-01-01" }],
  ])("is refused for %s", async (_why, input) => {
    await expect(read(input)).rejects.toMatchObject({ code: "bad_input" });
  });
});

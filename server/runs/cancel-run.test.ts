import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRun } from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import { closeProducerOf } from "@/server/jobs/jobs";
import { cancelRun } from "./cancel-run";
import { listRunEvents } from "./list-run-events";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await closeProducerOf(database.db);
  await database.drop();
});

const people = ["Olga", "Pavel", "Quinn", "Rosa", "Sven"];
const contextOf = (name: string) => {
  const actor: Actor = { kind: "member", id: name, name, role: "operator" };
  return { db: database.db, actor, now: new Date() };
};

it("lets one of five operators cancel a waiting run, and tells the others how it stands", async () => {
  const { run } = await insertRun(database.db, { status: "queued" });
  const tries = await Promise.allSettled(
    people.map((name) => cancelRun(contextOf(name), { runId: run.id })),
  );
  const won = people.filter((_, index) => tries[index]?.status === "fulfilled");
  expect(won).toHaveLength(1);
  for (const one of tries) {
    if (one.status === "fulfilled") continue;
    expect(one.reason).toMatchObject({ code: "conflict", facts: { status: "cancelled" } });
  }
  const { items } = await listRunEvents(database.db, { id: run.id });
  const ends = items.filter(({ data }) => data.to === "cancelled");
  expect(ends).toMatchObject([{ actor: `member:${won[0]}` }]);
});

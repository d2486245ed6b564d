import { eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { violatedConstraint } from "@/db/errors";
import { auditLog } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Actor } from "@/server/domain/actor";
import { listAudit } from "./list-audit";
import { recordAudit } from "./record-audit";
import { verifyAudit } from "./verify-audit";

const actor: Actor = { kind: "member", id: "m1", name: "Ada", role: "admin" };
let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

async function record(target: string, facts: Record<string, unknown> = {}) {
  const entry = { actor, action: "run.start", target, facts, now: new Date() };
  await database.db.transaction((tx) => recordAudit(tx, entry));
}

/** As somebody with the database's own rights could. */
async function tamper(change: () => Promise<unknown>) {
  await database.db.execute(sql`alter table audit_log disable trigger audit_log_append_only`);
  await change();
  await database.db.execute(sql`alter table audit_log enable trigger audit_log_append_only`);
}

async function findId(target: string): Promise<number> {
  const [row] = await database.db.select().from(auditLog).where(eq(auditLog.target, target));
  return row?.id ?? Number.NaN;
}

test("chains entries that twenty transactions write at once", async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => record(`run:${i}`, { b: i, a: [{ z: 1 }] })),
  );
  expect(await verifyAudit(database.db)).toEqual({ entries: 20, firstBrokenId: null });
});

test("keeps whatever text and numbers the facts hold", async () => {
  await record("run:1", {
    text: "a\u0000b\ud800c",
    at: new Date(),
    none: undefined,
    big: 1e21,
    low: -0,
  });
  expect(await verifyAudit(database.db)).toEqual({ entries: 1, firstBrokenId: null });
  const { items } = await listAudit(database.db, {});
  expect(items[0]?.facts).toMatchObject({ text: "a\ufffdb\ufffdc", actorId: "m1" });
});

test.each([
  [
    "an altered fact",
    (id: number) => sql`update audit_log set facts = '{"a": 2}' where id = ${id}`,
  ],
  [
    "another actor",
    (id: number) => sql`update audit_log set actor = 'member:Bob' where id = ${id}`,
  ],
  ["another time", (id: number) => sql`update audit_log set at = now() where id = ${id}`],
])("finds %s", async (_what, statement) => {
  for (const target of ["run:1", "run:2", "run:3"]) await record(target, { a: 1 });
  const id = await findId("run:2");
  await tamper(() => database.db.execute(statement(id)));
  expect(await verifyAudit(database.db)).toEqual({ entries: 1, firstBrokenId: id });
});

test("finds that an entry was taken out", async () => {
  for (const target of ["run:1", "run:2", "run:3"]) await record(target);
  await tamper(() => database.db.delete(auditLog).where(eq(auditLog.target, "run:2")));
  expect(await verifyAudit(database.db)).toEqual({
    entries: 1,
    firstBrokenId: await findId("run:3"),
  });
});

test("lets no statement change or remove an entry", async () => {
  await record("run:1");
  const change = database.db.update(auditLog).set({ actor: "nobody" });
  const removal = database.db.delete(auditLog);
  for (const attempt of [change, removal]) {
    const error = await attempt.then(
      () => null,
      (refusal: unknown) => refusal,
    );
    expect(violatedConstraint(error)).toBe("audit_log_append_only");
  }
});

test("lists the newest first, page by page, each entry once", async () => {
  for (let i = 0; i < 5; i += 1) await record(`run:${i}`);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listAudit>> = await listAudit(database.db, {
      cursor,
      limit: 2,
    });
    seen.push(...page.items.map((entry) => entry.target));
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen).toEqual(["run:4", "run:3", "run:2", "run:1", "run:0"]);
  await expect(listAudit(database.db, { cursor: "1 or 1=1" })).rejects.toMatchObject({
    code: "bad_input",
  });
});

import { desc } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { auditLog } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRepository } from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import { changeRepository } from "./change-repository";
import { getRepositorySettings } from "./get-repository-settings";

const actor: Actor = { kind: "member", id: "tester", name: "Tess", role: "admin" };
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database?.drop();
});

const context = () => ({ db: database.db, actor, now: new Date() });
const test = { name: "test", command: "npm test", timeoutSeconds: 900 };

it("changes what is given, leaves the rest, and keeps both in the audit log", async () => {
  const { name } = await insertRepository(database.db);
  expect(await getRepositorySettings(database.db, { name })).toMatchObject({
    ...{ setUp: null, setUpWhen: "new_workspace", tearDown: null, bringAlong: [] },
    ...{ checks: [], checkRounds: 2, changedBy: null },
  });
  await changeRepository(context(), { name, setUp: { command: "npm ci" } });
  const changed = await changeRepository(context(), { name, checks: [test], checkRounds: 0 });
  expect(changed).toMatchObject({
    ...{ setUp: { command: "npm ci", timeoutSeconds: 600 }, checks: [test], checkRounds: 0 },
    changedBy: "member:Tess",
  });
  await changeRepository(context(), { name, checks: [test] });
  const audit = await database.db.select().from(auditLog).orderBy(desc(auditLog.id)).limit(9);
  expect(audit.map(({ action, facts }) => ({ action, facts }))).toMatchObject([
    {
      action: "repository.changed",
      facts: { checks: { from: [], to: [test] }, checkRounds: { from: 2, to: 0 } },
    },
    { action: "repository.changed", facts: { setUp: { from: null } } },
  ]);
  expect(audit).toHaveLength(2);
  expect(await changeRepository(context(), { name, setUp: null })).toMatchObject({ setUp: null });
});

it.each([
  [{ bringAlong: ["../secrets"] }, "bringAlong.0"],
  [{ bringAlong: ["/etc/passwd"] }, "bringAlong.0"],
  [{ bringAlong: [".git/config"] }, "bringAlong.0"],
  [{ checks: [test, test] }, "checks"],
  [{ checks: [{ ...test, command: " " }] }, "checks.0.command"],
  [{ checkRounds: 6 }, "checkRounds"],
])("refuses %j and says where", async (wrong, field) => {
  const { name } = await insertRepository(database.db);
  await expect(changeRepository(context(), { name, ...wrong })).rejects.toMatchObject({
    code: "bad_input",
    fields: { [field]: expect.any(String) },
  });
});

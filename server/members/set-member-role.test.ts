import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { members, signIns } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Actor } from "@/server/domain/actor";
import { Conflict } from "@/server/domain/errors";
import { addMember } from "./add-member";
import { listMembers } from "./list-members";
import { setMemberRole } from "./set-member-role";

const actor: Actor = { kind: "system", name: "test" };
const password = "correct horse battery";
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const context = () => ({ db: database.db, actor, now: new Date() });

test("ends the sign-ins of a member whose role changes", async () => {
  const bob = await addMember(context(), {
    name: "Bob",
    email: "bob@example.com",
    password,
    role: "operator",
  });
  const expiresAt = new Date(Date.now() + 60_000);
  await database.db.insert(signIns).values({ id: "s1", token: "t1", userId: bob.id, expiresAt });
  expect(await setMemberRole(context(), { id: bob.id, role: "viewer" })).toMatchObject({
    role: "viewer",
  });
  expect(await database.db.select().from(signIns).where(eq(signIns.userId, bob.id))).toEqual([]);
});

test("keeps one admin when two demote one another at once", async () => {
  const admin = { password, role: "admin" as const };
  const ada = await addMember(context(), { ...admin, name: "Ada", email: "ada@example.com" });
  const eve = await addMember(context(), { ...admin, name: "Eve", email: "eve@example.com" });
  // Ada's demotion stands, but is not committed yet, when Eve's begins.
  const second = await database.db.transaction(async (tx) => {
    await tx.update(members).set({ role: "viewer" }).where(eq(members.id, ada.id));
    const demotion = setMemberRole(context(), { id: eve.id, role: "viewer" });
    const settled = demotion.catch((error: unknown) => error);
    await Promise.race([settled, vi.waitFor(expectSomebodyToWait)]);
    return { settled };
  });
  expect(await second.settled).toBeInstanceOf(Conflict);
  const admins = await database.db.select().from(members).where(eq(members.role, "admin"));
  expect(admins.map((one) => one.id)).toEqual([eve.id]);
});

async function expectSomebodyToWait() {
  const { rows } = await database.db.execute(sql`
    select pid from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database()`);
  expect(rows).toHaveLength(1);
}

test("gives one account to an email address, whatever its case", async () => {
  const cleo = { name: "Cleo", password, role: "viewer" as const };
  await addMember(context(), { ...cleo, email: "cleo@example.com" });
  await expect(addMember(context(), { ...cleo, email: "CLEO@example.com" })).rejects.toMatchObject({
    code: "conflict",
    fields: { email: "Already has an account." },
  });
  const { items } = await listMembers(database.db);
  expect(items.filter((member) => member.email === "cleo@example.com")).toHaveLength(1);
});

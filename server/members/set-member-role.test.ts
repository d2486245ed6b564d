import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
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
  const [ada, eve] = await Promise.all(
    ["ada", "eve"].map((name) =>
      addMember(context(), { name, email: `${name}@example.com`, password, role: "admin" }),
    ),
  );
  const outcomes = await Promise.allSettled(
    [ada, eve].map((one) => setMemberRole(context(), { id: one?.id ?? "", role: "viewer" })),
  );
  const refused = outcomes.filter((one) => one.status === "rejected");
  expect(refused).toHaveLength(1);
  expect(refused[0]?.reason).toBeInstanceOf(Conflict);
  const admins = await database.db.select().from(members).where(eq(members.role, "admin"));
  expect(admins).toHaveLength(1);
});

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

import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { installation, members } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { verifyAudit } from "@/server/audit/verify-audit";
import { hashToken } from "@/server/auth/token";
import { findSetUpState } from "./find-set-up-state";
import { SetUpRefused, setUpFirstMember } from "./set-up-first-member";

const token = "the-token-of-the-console";
const person = { name: "Ada", email: "Ada@Example.com", password: "correct horse battery" };
let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
  await database.db
    .insert(installation)
    .values({ id: randomUUID(), setupTokenHash: hashToken(token) });
});
afterEach(() => database.drop());

const setUp = (given: string) =>
  setUpFirstMember({ db: database.db, now: new Date() }, { token: given, ...person });

test("makes one admin of ten who try the link at once, and closes set-up", async () => {
  const tries = await Promise.allSettled(Array.from({ length: 10 }, () => setUp(token)));
  const refused = tries.filter((one) => one.status === "rejected");
  expect(refused).toHaveLength(9);
  for (const { reason } of refused) expect(reason).toBeInstanceOf(SetUpRefused);
  const made = await database.db.select().from(members);
  expect(made).toMatchObject([{ email: "ada@example.com", role: "admin" }]);
  expect(await findSetUpState(database.db)).toEqual({ isOpen: false });
  expect(await verifyAudit(database.db)).toEqual({ entries: 1, firstBrokenId: null });
});

test("refuses a wrong token and stays open for the right one", async () => {
  await expect(setUp("another-token")).rejects.toBeInstanceOf(SetUpRefused);
  expect(await findSetUpState(database.db)).toEqual({ isOpen: true });
  expect(await setUp(token)).toMatchObject({ role: "admin" });
});

test("is closed as soon as anybody has an account, however they got it", async () => {
  await database.db.insert(members).values({ id: "m1", name: "Bob", email: "bob@example.com" });
  await expect(setUp(token)).rejects.toBeInstanceOf(SetUpRefused);
  expect(await findSetUpState(database.db)).toEqual({ isOpen: false });
});

test("asks for a password of twelve characters", async () => {
  const weak = { token, ...person, password: "short" };
  await expect(setUpFirstMember({ db: database.db, now: new Date() }, weak)).rejects.toMatchObject({
    code: "bad_input",
    fields: { password: "At least 12 characters." },
  });
});

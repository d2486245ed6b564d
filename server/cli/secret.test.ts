import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { auditLog, secrets } from "@/db/schema";
import { insertRepository, insertWorkflow } from "@/db/testing-rows";
import { answerRest } from "@/server/api/rest/answer-rest";
import { makeRequest, openTestDoor, type TestDoor } from "@/server/api/testing";
import { openRestClient } from "./open-rest-client";
import { callCli, serve, stop } from "./testing";

const value = "a value that nobody sees";
const oldKey = randomBytes(32).toString("base64url");
const newKey = randomBytes(32).toString("base64url");
let web: TestDoor;
let server: Server;
let url: string;
let repository: string;
let workflow: string;

beforeAll(async () => {
  process.env.COPPICE_SECRETS_KEY = oldKey;
  web = await openTestDoor();
  repository = (await insertRepository(web.database.db)).name;
  workflow = (await insertWorkflow(web.database.db)).workflow.name;
  ({ server, url } = await serve((request) =>
    answerRest(web.door, request, new URL(request.url).pathname.slice("/api/v1".length)),
  ));
});
afterAll(async () => {
  delete process.env.COPPICE_SECRETS_KEY;
  await stop(server);
  await web.database.drop();
});

const call = (args: string[], input = "", token = web.tokens.admin) =>
  callCli(["secret", ...args], { url, token, readInput: async () => input });

const list = () =>
  openRestClient({ COPPICE_URL: url, COPPICE_TOKEN: web.tokens.admin }).get<{
    items: Record<string, unknown>[];
  }>(`/secrets/repository/${repository}`);

it("sets a secret from standard input, and tells who and when, never what", async () => {
  const set = await call(["set", "NPM_TOKEN", "--repo", repository], `${value}\n`);
  expect(set).toMatchObject({ exitCode: 0, out: expect.stringContaining("Set NPM_TOKEN") });
  expect((await list()).items).toEqual([
    {
      name: "NPM_TOKEN",
      setBy: "token:admin of the test",
      setAt: expect.any(String),
      keyId: expect.stringMatching(/^[0-9a-f]{12}$/),
    },
  ]);
  const shown = await call(["list", "--repo", repository]);
  expect(shown.out).toContain("NPM_TOKEN");
  const { rows } = await web.database.db.execute<{ all: string }>(
    sql`select string_agg(s::text, '') || (select string_agg(a::text, '') from audit_log a) as all from secrets s`,
  );
  const stored = rows[0]?.all ?? "";
  expect(stored).toContain("NPM_TOKEN");
  for (const part of [value, Buffer.from(value).toString("hex"), "nobody"]) {
    expect(stored + shown.out + set.out).not.toContain(part);
  }
});

it.each([
  { name: "PATH", input: value, why: /reserved/ },
  { name: "lower", input: value, why: /capital letters/ },
  { name: "GOOD", input: "short", why: /At least 8/ },
])("refuses $name: $why", async ({ name, input, why }) => {
  const refused = await call(["set", name, "--repo", repository], input);
  expect(refused.exitCode).not.toBe(0);
  expect(refused.complaints).toMatch(why);
});

it("is not for operators, and wants to know whose secret it is", async () => {
  const path = `/secrets/repository/${repository}/NPM_TOKEN`;
  for (const [method, json] of [["PUT", { value }] as const, ["DELETE", {}] as const]) {
    const request = makeRequest(path, { method, json, token: web.tokens.operator });
    expect((await answerRest(web.door, request, path)).status).toBe(403);
  }
  expect((await call(["list"])).complaints).toMatch(/either --repo/);
  expect((await call(["list", "--workflow", "nowhere"])).complaints).toMatch(/no workflow/);
});

it("replaces, encrypts anew with the newest key, and removes", async () => {
  await call(["set", "NPM_TOKEN", "--repo", repository], `${value}, the second`);
  await call(["set", "NPM_TOKEN", "--workflow", workflow], value);
  const { db } = web.database;
  const kept = () => db.select().from(secrets).where(eq(secrets.name, "NPM_TOKEN"));
  const [former] = (await kept()).filter(({ retiredAt }) => retiredAt !== null);
  expect(await kept()).toHaveLength(3);
  process.env.COPPICE_SECRETS_KEY = `${newKey},${oldKey}`;
  expect((await call(["renew"])).out).toMatch(/3 secrets were encrypted anew/);
  expect((await call(["renew"])).out).toMatch(/: 0 secrets/);
  expect((await kept()).every(({ keyId }) => keyId !== former?.keyId)).toBe(true);
  const removed = await call(["remove", "NPM_TOKEN", "--repo", repository]);
  expect(removed.out).toContain("Removed NPM_TOKEN");
  expect((await call(["remove", "NPM_TOKEN", "--repo", repository])).complaints).toMatch(
    /no secret "NPM_TOKEN"/,
  );
  expect((await list()).items).toEqual([]);
  const entries = await db
    .select()
    .from(auditLog)
    .where(eq(auditLog.target, `repository:${repository}`));
  expect(entries.map(({ action }) => action)).toEqual([
    ...["secret.set", "secret.replaced", "secret.removed"],
  ]);
});

it("says what to do when a key is gone", async () => {
  process.env.COPPICE_SECRETS_KEY = randomBytes(32).toString("base64url");
  const failed = await call(["renew"]);
  expect(failed.exitCode).not.toBe(0);
  expect(failed.complaints).toMatch(/encrypted with key .* the same keys/s);
});

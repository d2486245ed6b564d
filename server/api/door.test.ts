import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiTokens, auditLog, members, signIns } from "@/db/schema";
import { createToken } from "@/server/auth/create-token";
import { findActor } from "@/server/auth/find-actor";
import { listTokens } from "@/server/auth/list-tokens";
import { revokeToken } from "@/server/auth/revoke-token";
import { answerAuth } from "./answer-auth";
import { answerTrpc } from "./answer-trpc";
import { answerRest } from "./rest/answer-rest";
import {
  makeRequest,
  makeTestMember,
  openTestDoor,
  type TestDoor,
  type TestRequest,
  testPassword,
  testSystem,
} from "./testing";

const origin = "http://localhost:3000";
let opened: TestDoor;
beforeAll(async () => {
  opened = await openTestDoor();
  await makeTestMember(opened.door, "ada@example.com", "admin");
});
afterAll(() => opened.database.drop());

/** Each caller of better-auth's own limit has an address of its own here. */
let callers = 0;
function auth(path: string, options: TestRequest = {}): Promise<Response> {
  callers += 1;
  const headers = { origin, "x-forwarded-for": `10.0.0.${callers}`, ...options.headers };
  const request = makeRequest(`/api/auth${path}`, { ...options, headers });
  return answerAuth(opened.door, request, path);
}

async function signIn(email: string, password = testPassword): Promise<string> {
  const response = await auth("/sign-in/email", { json: { email, password } });
  expect(response.status).toBe(200);
  const set = response.headers.getSetCookie().find((one) => one.includes("session_token"));
  return set?.split(";")[0] ?? "";
}

const callMe = (headers: Record<string, string>, now = new Date()) =>
  findActor(opened.door, new Headers(headers), now);

test("signs in with a cookie that scripts cannot read and that ends", async () => {
  const response = await auth("/sign-in/email", {
    json: { email: "ADA@example.com", password: testPassword },
  });
  const [cookie = ""] = response.headers.getSetCookie();
  expect(cookie).toMatch(/^__Secure-coppice\.session_token=/);
  expect(cookie).toMatch(/; Max-Age=604800/);
  expect(cookie).toMatch(/; HttpOnly/);
  expect(cookie).toMatch(/; SameSite=Lax/i);
  const caller = await callMe({ cookie: cookie.split(";")[0] ?? "" });
  expect(caller).toMatchObject({ actsByCookie: true, actor: { kind: "member", role: "admin" } });
  const made = eq(auditLog.action, "sign_in.made");
  expect(await opened.door.db.select().from(auditLog).where(made)).not.toEqual([]);
});

test("answers a wrong password and an unknown address alike", async () => {
  const answers = await Promise.all(
    ["ada@example.com", "nobody@example.com"].map((email) =>
      auth("/sign-in/email", { json: { email, password: "not the password" } }),
    ),
  );
  const [wrong, unknown] = await Promise.all(
    answers.map(async (answer) => [answer.status, await answer.text()]),
  );
  expect(wrong?.[0]).toBe(401);
  expect(wrong).toEqual(unknown);
});

test("makes an account wait after ten wrong passwords, from wherever they come", async () => {
  await makeTestMember(opened.door, "tried@example.com", "viewer");
  const json = { email: "tried@example.com", password: "not the password" };
  for (let i = 0; i < 10; i += 1) {
    expect((await auth("/sign-in/email", { json })).status).toBe(401);
  }
  const right = { ...json, email: "Tried@example.com", password: testPassword };
  const refused = await auth("/sign-in/email", { json: right });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
});

test("offers no sign-up and nothing else of better-auth's", async () => {
  const json = { name: "Eve", email: "eve@example.com", password: testPassword, role: "admin" };
  for (const path of ["/sign-up/email", "/update-user", "/delete-user", "/change-email", "/ok"]) {
    expect([path, (await auth(path, { json })).status]).toEqual([path, 404]);
  }
  const eve = eq(members.email, "eve@example.com");
  expect(await opened.door.db.select().from(members).where(eve)).toEqual([]);
});

test("ends a sign-in at sign-out, and all others at a change of password", async () => {
  const member = await makeTestMember(opened.door, "bob@example.com", "viewer");
  const [first, second, third] = [
    await signIn("bob@example.com"),
    await signIn("bob@example.com"),
    await signIn("bob@example.com"),
  ];
  expect((await auth("/sign-out", { json: {}, headers: { cookie: first } })).status).toBe(200);
  expect((await callMe({ cookie: first })).actor).toBeNull();
  expect((await callMe({ cookie: second })).actor).not.toBeNull();
  const json = {
    currentPassword: testPassword,
    newPassword: "another long password",
    revokeOtherSessions: false,
  };
  expect((await auth("/change-password", { json, headers: { cookie: second } })).status).toBe(200);
  expect((await callMe({ cookie: third })).actor).toBeNull();
  const left = await opened.door.db.select().from(signIns).where(eq(signIns.userId, member.id));
  expect(left).toHaveLength(1);
});

test("does not let a sign-in outlive its time or its row", async () => {
  const member = await makeTestMember(opened.door, "cleo@example.com", "viewer");
  const cookie = await signIn("cleo@example.com");
  const mine = eq(signIns.userId, member.id);
  await opened.door.db
    .update(signIns)
    .set({ expiresAt: new Date(Date.now() - 1) })
    .where(mine);
  expect((await callMe({ cookie })).actor).toBeNull();
});

test("does not believe a cookie that it did not sign", async () => {
  const cookie = await signIn("ada@example.com");
  const forged = cookie.replace(/=(.{6})/, "=AAAAAA");
  expect((await callMe({ cookie: forged })).actor).toBeNull();
});

const change: TestRequest = { json: { json: { name: "x", role: "viewer" } } };
const create = (headers: Record<string, string>) =>
  answerTrpc(opened.door, makeRequest("/api/trpc/tokens.create", { ...change, headers }));

test.each([
  ["another site's origin", { origin: "https://evil.example" }],
  ["another port of this host", { origin: "http://localhost:4000" }],
  ["an origin that a sandboxed page has", { origin: "null" }],
  ["no origin at all", {}],
  ["a browser that says cross-site", { origin, "sec-fetch-site": "cross-site" }],
  ["a browser that says same-site", { origin, "sec-fetch-site": "same-site" }],
])("refuses a change by cookie from %s", async (_what, headers) => {
  const cookie = await signIn("ada@example.com");
  const before = await listTokens(opened.door.db);
  const response = await create({ cookie, ...headers });
  expect(response.status).toBe(403);
  expect(await listTokens(opened.door.db)).toEqual(before);
});

test("takes a change by cookie from its own pages", async () => {
  const cookie = await signIn("ada@example.com");
  const response = await create({ cookie, origin, "sec-fetch-site": "same-origin" });
  expect(response.status).toBe(200);
});

test("takes a change by token without an origin, but not from another site's page", async () => {
  const authorization = `Bearer ${opened.tokens.admin}`;
  expect((await create({ authorization })).status).toBe(200);
  expect((await create({ authorization, origin: "https://evil.example" })).status).toBe(403);
});

test("lets a link on another site open a page, but not its scripts read", async () => {
  const cookie = await signIn("ada@example.com");
  const ask = (mode: string) => {
    const headers = { cookie, "sec-fetch-site": "cross-site", "sec-fetch-mode": mode };
    return answerRest(opened.door, makeRequest("/api/v1/me", { headers }), "/me");
  };
  expect((await ask("navigate")).status).toBe(200);
  expect((await ask("no-cors")).status).toBe(403);
});

test.each([
  "evil.example",
  "localhost.evil.example:3000",
  "localhost:3001",
  "127.0.0.1",
  "169.254.1.1:3000",
])("refuses the Host %s, whatever else is right", async (host) => {
  const headers = { host };
  const rest = makeRequest("/api/v1/me", { token: opened.tokens.admin, headers });
  expect((await answerRest(opened.door, rest, "/me")).status).toBe(403);
  expect(
    (await create({ ...headers, authorization: `Bearer ${opened.tokens.admin}` })).status,
  ).toBe(403);
  const json = { email: "ada@example.com", password: testPassword };
  expect((await auth("/sign-in/email", { json, headers })).status).toBe(403);
});

test.each([
  "localhost:3000",
  "LOCALHOST:3000",
  "127.0.0.1:3000",
  "[::1]:3000",
  "coppice.example.com",
])("answers to the Host %s", async (host) => {
  const request = makeRequest("/api/v1/me", { token: opened.tokens.viewer, headers: { host } });
  expect((await answerRest(opened.door, request, "/me")).status).toBe(200);
});

test("knows no token after it was revoked or has expired, and stores none", async () => {
  const context = { db: opened.door.db, actor: testSystem, now: new Date() };
  const wish = { name: "short", role: "admin", expiresInDays: 1 } as const;
  const { token, view } = await createToken(context, wish);
  expect(token).toMatch(/^cop_[0-9A-Za-z]{40}$/);
  const authorization = `Bearer ${token}`;
  const dayLater = new Date(context.now.getTime() + 86_400_000);
  expect((await callMe({ authorization })).actor).toMatchObject({ kind: "token", id: view.id });
  expect((await callMe({ authorization }, dayLater)).actor).toBeNull();
  await revokeToken(context, { id: view.id });
  expect((await callMe({ authorization })).actor).toBeNull();
  await expect(revokeToken(context, { id: view.id })).rejects.toMatchObject({ code: "conflict" });
  const stored = await opened.door.db.select().from(apiTokens).where(eq(apiTokens.id, view.id));
  expect(JSON.stringify(stored)).not.toContain(token);
});

test("notes a token's use once a minute", async () => {
  const now = new Date();
  const { token, view } = await createToken(
    { db: opened.door.db, actor: testSystem, now },
    { name: "busy", role: "viewer" },
  );
  const uses: (Date | null | undefined)[] = [];
  for (const seconds of [0, 59, 60]) {
    await callMe({ authorization: `Bearer ${token}` }, new Date(now.getTime() + seconds * 1000));
    const [row] = await opened.door.db.select().from(apiTokens).where(eq(apiTokens.id, view.id));
    uses.push(row?.lastUsedAt);
  }
  expect(uses.map((at) => at && at.getTime() - now.getTime())).toEqual([0, 0, 60_000]);
});

test("never falls back to the cookie when a bad token stands beside it", async () => {
  const cookie = await signIn("ada@example.com");
  for (const authorization of ["Bearer cop_wrong", "Basic YTpi", "Bearer", ""]) {
    expect((await callMe({ cookie, authorization })).actor).toBeNull();
  }
});

test("makes an address with many bad tokens wait, but none that has a good one", async () => {
  const from = { "x-forwarded-for": "192.0.2.7" };
  const ask = (token: string) =>
    answerRest(opened.door, makeRequest("/api/v1/me", { token, headers: from }), "/me");
  for (let i = 0; i < 30; i += 1) expect((await ask(`cop_guess${i}`)).status).toBe(401);
  expect((await ask("cop_guess")).status).toBe(429);
  expect((await ask(opened.tokens.viewer)).status).toBe(200);
});

test("takes no token from the address of a request", async () => {
  const path = `/api/v1/me?token=${opened.tokens.admin}&access_token=${opened.tokens.admin}`;
  expect((await answerRest(opened.door, makeRequest(path), "/me")).status).toBe(401);
});

test("writes down who made a token, and never the token", async () => {
  const response = await create({ authorization: `Bearer ${opened.tokens.admin}` });
  const { result } = (await response.json()) as { result: { data: { json: { token: string } } } };
  const made = and(
    eq(auditLog.action, "token.created"),
    eq(auditLog.actor, "token:admin of the test"),
  );
  const entries = await opened.door.db.select().from(auditLog).where(made);
  expect(entries.length).toBeGreaterThan(0);
  expect(JSON.stringify(entries)).not.toContain(result.data.json.token);
});

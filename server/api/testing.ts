import { randomBytes } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { createToken } from "@/server/auth/create-token";
import { createDoor, type Door } from "@/server/auth/door";
import { readAddresses } from "@/server/auth/read-addresses";
import { type Actor, type Role, roles } from "@/server/domain/actor";
import { addMember } from "@/server/members/add-member";

export const testSystem: Actor = { kind: "system", name: "test" };
export const testPassword = "correct horse battery";

export interface TestDoor {
  database: TestDatabase;
  door: Door;
  /** A token of each role. */
  tokens: Record<Role, string>;
}

/** A door on a database of its own, as the web process has one, with a token of each role. */
export async function openTestDoor(): Promise<TestDoor> {
  const database = await createTestDatabase();
  const secret = randomBytes(32).toString("base64url");
  const addresses = readAddresses({ PORT: "3000", COPPICE_URL: "https://coppice.example.com" });
  const door = createDoor({ db: database.db, secret, addresses });
  const made = await Promise.all(roles.map((role) => makeTestToken(door, role)));
  const tokens = Object.fromEntries(roles.map((role, i) => [role, made[i]]));
  return { database, door, tokens: tokens as Record<Role, string> };
}

export async function makeTestToken(door: Door, role: Role): Promise<string> {
  const context = { db: door.db, actor: testSystem, now: new Date() };
  return (await createToken(context, { name: `${role} of the test`, role })).token;
}

export async function makeTestMember(door: Door, email: string, role: Role) {
  const context = { db: door.db, actor: testSystem, now: new Date() };
  return addMember(context, {
    name: email.split("@")[0] ?? email,
    email,
    password: testPassword,
    role,
  });
}

export interface TestRequest {
  method?: string;
  token?: string;
  /** Sent as JSON. */
  json?: unknown;
  body?: string;
  headers?: Record<string, string>;
}

/** A request as it reaches a route: with a Host of ours unless another is given. */
export function makeRequest(path: string, options: TestRequest = {}): Request {
  const body = options.json === undefined ? options.body : JSON.stringify(options.json);
  const headers = new Headers({ host: "localhost:3000", ...options.headers });
  if (options.token) headers.set("authorization", `Bearer ${options.token}`);
  if (options.json !== undefined) headers.set("content-type", "application/json");
  if (body !== undefined) headers.set("content-length", String(Buffer.byteLength(body)));
  const method = options.method ?? (body === undefined ? "GET" : "POST");
  return new Request(`http://localhost:3000${path}`, { method, headers, body: body ?? null });
}

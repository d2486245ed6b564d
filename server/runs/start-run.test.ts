import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { count, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  agentSessions,
  repositories,
  runEvents,
  runs,
  sessions,
  workers,
  workspaces,
} from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Actor } from "@/server/domain/actor";
import { DomainError } from "@/server/domain/errors";
import { closeProducerOf } from "@/server/jobs/jobs";
import { prepareInstallation } from "@/server/supervisor/prepare-installation";
import { continueSession } from "./continue-session";
import { startRun } from "./start-run";
import type { StartRunInput } from "./start-run-input";

const operator: Actor = { kind: "member", id: "m", name: "Olga", role: "operator" };
let database: TestDatabase;
let home: string;

beforeAll(async () => {
  database = await createTestDatabase();
  home = await mkdtemp(path.join(os.tmpdir(), "coppice-home-"));
  await prepareInstallation({ databaseUrl: database.url, home, publicUrl: "http://x" });
  await database.db.insert(repositories).values([
    { name: "shop", origin: "/srv/shop", defaultBranch: "main", createdBy: "member:Olga" },
    { name: "other", origin: "/srv/other", defaultBranch: "main", createdBy: "member:Olga" },
  ]);
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
  await closeProducerOf(database.db);
  await database.drop();
});

const context = () => ({ db: database.db, actor: operator, now: new Date() });
const start = (extra: Partial<StartRunInput> = {}) =>
  startRun(context(), { workflow: "script", repository: "shop", message: "do it", ...extra });

/** Everything that a refused trigger might leave behind. */
async function countRows() {
  const tables = [runs, sessions, workspaces, agentSessions, runEvents];
  const rows = tables.map(
    async (table) => (await database.db.select({ n: count() }).from(table))[0],
  );
  const { rows: jobs } = await database.db.execute(sql`select count(*) as n from pgboss.job`);
  return [...(await Promise.all(rows)).map((row) => row?.n), Number(jobs[0]?.n)];
}

async function refusalOf(work: Promise<unknown>): Promise<DomainError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DomainError)) throw new Error(`not refused by name: ${String(error)}`);
  return error;
}

describe("an accepted run", () => {
  it("has its row, its first event and its job together", async () => {
    const { runId } = await start();
    const [run] = await database.db.select().from(runs).where(eq(runs.id, runId));
    expect(run).toMatchObject({
      status: "queued",
      branch: `coppice/script/${run?.number}`,
      createdBy: "member:Olga",
    });
    const events = await database.db.select().from(runEvents).where(eq(runEvents.runId, runId));
    expect(events).toMatchObject([{ seq: 1, kind: "status_changed", data: { to: "queued" } }]);
    const { rows } = await database.db.execute(
      sql`select state, singleton_key from pgboss.job where id = ${run?.jobId}::uuid`,
    );
    expect(rows).toEqual([{ state: "created", singleton_key: run?.workspaceId }]);
  });

  it("is one run however often its idempotency key comes, also at once", async () => {
    const idempotencyKey = randomUUID();
    const before = await countRows();
    const all = await Promise.all(Array.from({ length: 100 }, () => start({ idempotencyKey })));
    expect(new Set(all.map(({ runId }) => runId)).size).toBe(1);
    const after = await countRows();
    expect(after.map((n, index) => Number(n) - Number(before[index]))).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it("refuses a key that was used for another message", async () => {
    const idempotencyKey = randomUUID();
    await start({ idempotencyKey });
    const error = await refusalOf(start({ idempotencyKey, message: "something else" }));
    expect(error).toMatchObject({ code: "conflict" });
  });

  it("takes one persistent workspace for all its sessions, also when triggered at once", async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, () => start({ workspace: "persistent", repository: "other" })),
    );
    const rows = await database.db.select().from(runs);
    const mine = rows.filter(({ id }) => all.some(({ runId }) => runId === id));
    expect(new Set(mine.map(({ workspaceId }) => workspaceId)).size).toBe(1);
    expect(new Set(mine.map(({ sessionId }) => sessionId)).size).toBe(8);
  });
});

describe("a refused run leaves nothing behind", () => {
  let before: unknown;
  beforeEach(async () => {
    before = await countRows();
  });

  const cases: [string, Partial<StartRunInput>, { code: string; field: string }][] = [
    ["an unknown workflow", { workflow: "nope" }, { code: "not_found", field: "workflow" }],
    ["an unknown repository", { repository: "nope" }, { code: "not_found", field: "repository" }],
    ["an unknown session", { sessionId: randomUUID() }, { code: "not_found", field: "sessionId" }],
    ["a session id that is none", { sessionId: "42" }, { code: "not_found", field: "sessionId" }],
    ["an empty message", { message: "  \n" }, { code: "bad_input", field: "message" }],
    [
      "a message of 1 MB",
      { message: "x".repeat(1 << 20) },
      { code: "bad_input", field: "message" },
    ],
    ["a message with NUL", { message: "a\u0000b" }, { code: "bad_input", field: "message" }],
    ["an option as branch", { branch: "--upload-pack=x" }, { code: "bad_input", field: "branch" }],
    ["a range as branch", { branch: "a..b" }, { code: "bad_input", field: "branch" }],
    ["a newline in the branch", { branch: "a\nb" }, { code: "bad_input", field: "branch" }],
    ["an option as base", { baseRef: "--output=x" }, { code: "bad_input", field: "baseRef" }],
    ["a limit out of range", { maxTurns: 0 }, { code: "bad_input", field: "maxTurns" }],
  ];
  it.each(cases)("for %s", async (_, extra, { code, field }) => {
    const error = await refusalOf(start(extra));
    expect(error).toMatchObject({ code, fields: { [field]: expect.any(String) } });
    expect(await countRows()).toEqual(before);
  });

  it("for an unknown field", async () => {
    const error = await refusalOf(start({ status: "succeeded" } as Partial<StartRunInput>));
    expect(error.code).toBe("bad_input");
    expect(await countRows()).toEqual(before);
  });

  it("for an agent that no living worker has, with how to install it", async () => {
    const howToInstall = "Install it.";
    const missing = { program: null, version: null, problem: "not found", howToInstall };
    await database.db.insert(workers).values({
      name: "bare",
      host: "h",
      home: "/h",
      slots: 1,
      startedAt: new Date(),
      heartbeatAt: new Date(),
      facts: {
        version: "0",
        isolation: "none",
        isolationWhy: "",
        agents: [{ kind: "claude-code", ...missing }],
      },
    });
    const error = await refusalOf(start({ workflow: "builder" }));
    expect(error).toMatchObject({ code: "unprocessable", hint: howToInstall });
    expect(await countRows()).toEqual(before);
    await database.db.delete(workers);
  });

  it("for a session of another repository", async () => {
    const { runId } = await start();
    const [run] = await database.db.select().from(runs).where(eq(runs.id, runId));
    before = await countRows();
    const error = await refusalOf(start({ repository: "other", sessionId: run?.sessionId }));
    expect(error).toMatchObject({ code: "conflict", fields: { sessionId: expect.any(String) } });
    expect(await countRows()).toEqual(before);
  });
});

it("never takes one id for another: each fed to the look-up of a session finds nothing", async () => {
  const { runId } = await start();
  const [run] = await database.db.select().from(runs).where(eq(runs.id, runId));
  if (!run) throw new Error("no run");
  const others = [run.id, run.agentSessionId, run.workspaceId, run.workflowVersionId];
  for (const id of others) {
    const error = await refusalOf(continueSession(context(), { sessionId: id, message: "on" }));
    expect(error.code).toBe("not_found");
  }
  const going = await continueSession(context(), { sessionId: run.sessionId, message: "on" });
  const [next] = await database.db.select().from(runs).where(eq(runs.id, going.runId));
  expect(next).toMatchObject({
    sessionId: run.sessionId,
    agentSessionId: run.agentSessionId,
    workspaceId: run.workspaceId,
  });
});

it("lets the database refuse a run whose ids do not belong together", async () => {
  const [a, b] = await Promise.all([start(), start({ repository: "other" })]);
  const rows = await database.db.select().from(runs);
  const [first, second] = [a, b].map(({ runId }) => rows.find(({ id }) => id === runId));
  if (!first || !second) throw new Error("no runs");
  const mixed = [
    { sessionId: second.sessionId },
    { agentSessionId: second.agentSessionId },
    { workspaceId: second.workspaceId },
  ];
  for (const set of mixed) {
    const update = database.db.update(runs).set(set).where(eq(runs.id, first.id));
    await expect(update).rejects.toMatchObject({ cause: { code: "23503" } });
  }
});

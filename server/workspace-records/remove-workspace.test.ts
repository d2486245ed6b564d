import { eq } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditLog, hostRequests, workspaces } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import {
  insertRepository,
  insertRun,
  insertSession,
  insertWorker,
  randomSha,
} from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import { type WorkerId, type WorkspaceId, workspaceIdSchema } from "@/server/domain/ids";
import { hostRequestsChannel } from "@/server/host-requests/ask-host";
import { diffRun } from "@/server/runs/diff-run";
import { getSession } from "@/server/sessions/get-session";
import { getWorkspace } from "./get-workspace";
import { listWorkspaces } from "./list-workspaces";
import { removeWorkspace } from "./remove-workspace";

const actor: Actor = { kind: "member", id: "m1", name: "Ada", role: "operator" };
let database: TestDatabase;
let listener: postgres.Sql;
let workerId: WorkerId;

/** Answers as a worker would; the real one is proved where it lives. */
async function answer(id: string): Promise<void> {
  const { db } = database;
  const [request] = await db.select().from(hostRequests).where(eq(hostRequests.id, id));
  if (request?.kind === "remove_workspace") {
    const workspaceId = workspaceIdSchema.parse(request.input.workspaceId);
    await db
      .update(workspaces)
      .set({ state: "removed", removedAt: new Date() })
      .where(eq(workspaces.id, workspaceId));
  }
  const diff = { patch: "diff --git", isCut: false, files: 1, additions: 2, deletions: 3 };
  await db
    .update(hostRequests)
    .set({ status: "answered", answer: diff })
    .where(eq(hostRequests.id, id));
}

beforeAll(async () => {
  database = await createTestDatabase();
  workerId = (await insertWorker(database.db, { name: "forge" })).id;
  listener = postgres(database.url, { max: 1, onnotice: () => {} });
  await listener.listen(hostRequestsChannel, answer);
});
afterAll(async () => {
  await listener.end();
  await database.drop();
});

const context = () => ({ db: database.db, actor, now: new Date() });
const placed = () => ({ state: "ready" as const, workerId, path: "/srv/w/x" });
const requestsFor = async (id: WorkspaceId) =>
  (await database.db.select().from(hostRequests)).filter(({ input }) => input.workspaceId === id);

test("asks the host once, notes who asked, and gives the removed workspace back", async () => {
  const { workspace } = await insertRun(database.db, {
    status: "succeeded",
    workerId,
    session: { workspace: placed() },
  });
  const removed = await removeWorkspace(context(), { id: workspace.id });
  expect(removed).toMatchObject({ state: "removed", worker: "forge", path: "/srv/w/x" });
  expect((await removeWorkspace(context(), { id: workspace.id })).state).toBe("removed");
  expect(await requestsFor(workspace.id)).toHaveLength(1);
  const [audited] = await database.db.select().from(auditLog);
  expect(audited).toMatchObject({
    actor: "member:Ada",
    action: "workspace.removal_asked",
    target: `workspace:${workspace.id}`,
  });
});

test("asks nothing while a run needs the workspace or before it was made", async () => {
  const waits = await insertRun(database.db, { session: { workspace: placed() } });
  await expect(removeWorkspace(context(), { id: waits.workspace.id })).rejects.toMatchObject({
    code: "conflict",
    message: `Run #${waits.run.number} is queued and needs this workspace.`,
  });
  const planned = await insertSession(database.db);
  await expect(removeWorkspace(context(), { id: planned.workspace.id })).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await requestsFor(waits.workspace.id)).toEqual([]);
});

test("names the run that holds a workspace, else the last one that did", async () => {
  const inSession = await insertSession(database.db, { workspace: placed() });
  const runOf = async () =>
    (await getWorkspace(database.db, { id: inSession.workspace.id })).run?.number;
  expect(await runOf()).toBeUndefined();
  const first = await insertRun(database.db, { in: inSession, status: "failed" });
  await insertRun(database.db, { in: inSession });
  expect(await runOf()).toBe(first.run.number);
  const held = await insertRun(database.db, {
    in: inSession,
    status: "running",
    createdAt: new Date("2020-01-01"),
  });
  expect(await runOf()).toBe(held.run.number);
});

test("lists workspaces by repository and state, page by page", async () => {
  const { id } = await insertRepository(database.db, { name: "spaces" });
  for (const state of ["planned", "ready", "ready"] as const) {
    await insertSession(database.db, { repositoryId: id, workspace: { ...placed(), state } });
  }
  const first = await listWorkspaces(database.db, { repository: "spaces", limit: 2 });
  expect(first.items).toHaveLength(2);
  const rest = await listWorkspaces(database.db, {
    repository: "spaces",
    limit: 2,
    cursor: first.nextCursor,
  });
  expect(rest.nextCursor).toBeNull();
  expect(new Set([...first.items, ...rest.items].map((space) => space.id)).size).toBe(3);
  const ready = await listWorkspaces(database.db, { repository: "spaces", state: "ready" });
  expect(ready.items).toHaveLength(2);
});

test("compares a run's head with its base on the host that has them", async () => {
  const headCommit = randomSha();
  const { run } = await insertRun(database.db, { status: "succeeded", workerId, headCommit });
  expect(await diffRun(context(), { id: run.id })).toMatchObject({ files: 1, additions: 2 });
  const queued = await insertRun(database.db);
  await expect(diffRun(context(), { id: queued.run.id })).rejects.toMatchObject({
    code: "unprocessable",
  });
  const gone = await insertWorker(database.db, { stoppedAt: new Date() });
  const away = await insertRun(database.db, { status: "succeeded", workerId: gone.id, headCommit });
  await expect(diffRun(context(), { id: away.run.id })).rejects.toMatchObject({
    code: "unavailable",
  });
});

test("shows a session with its runs and the agents' own sessions", async () => {
  const inSession = await insertSession(database.db, { agentSession: { agent: "claude-code" } });
  const first = await insertRun(database.db, {
    in: inSession,
    status: "succeeded",
    createdAt: new Date("2026-01-01"),
  });
  const second = await insertRun(database.db, { in: inSession });
  const session = await getSession(database.db, { id: inSession.session.id }, actor);
  expect(session.runs.map((run) => run.id)).toEqual([second.run.id, first.run.id]);
  expect(session.agentSessions).toEqual([
    { agent: "claude-code", nativeId: inSession.agentSession.nativeId },
  ]);
  await expect(
    getSession(database.db, { id: "00000000-0000-4000-8000-000000000000" }, actor),
  ).rejects.toMatchObject({ code: "not_found" });
});

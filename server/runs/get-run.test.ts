import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRun, insertWorker } from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import { runViewSchema } from "@/server/domain/run-view";
import { getRun } from "./get-run";

const operator: Actor = { kind: "member", id: "m1", name: "Ada", role: "operator" };
const viewer: Actor = { kind: "member", id: "m2", name: "Bob", role: "viewer" };
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("gives a run by its id, its number and its number with a hash", async () => {
  const { run } = await insertRun(database.db, { status: "succeeded" });
  for (const id of [run.id, run.id.toUpperCase(), run.number, `${run.number}`, `#${run.number}`]) {
    expect((await getRun(database.db, { id }, viewer)).id).toBe(run.id);
  }
});

test("gives every field of a run that waits in the queue, null where it is not yet known", async () => {
  const { run, workspace } = await insertRun(database.db);
  const view = await getRun(database.db, { id: run.id }, viewer);
  expect(Object.keys(view).sort()).toEqual(Object.keys(runViewSchema.shape).sort());
  expect(runViewSchema.parse(view)).toEqual(view);
  expect(view).toMatchObject({
    worker: null,
    pid: null,
    attemptId: null,
    outputBytes: 0,
    transcriptEntries: 0,
    workspace: { id: workspace.id, path: null, headCommit: null, state: "planned" },
    usage: { inputTokens: null, costUsd: null },
  });
});

test("knows the agent session of Claude Code before it starts, and that of Codex only after", async () => {
  const claude = await insertRun(database.db, {
    session: { agentSession: { agent: "claude-code" } },
  });
  const codex = await insertRun(database.db, {
    session: { agentSession: { agent: "codex", nativeId: null } },
  });
  const views = [claude, codex].map(({ run }) => getRun(database.db, { id: run.id }, viewer));
  const [claudeView, codexView] = await Promise.all(views);
  expect(claudeView?.agentSessionId).toBe(claude.agentSession.nativeId);
  expect(codexView?.agentSessionId).toBeNull();
});

test("shows a running run with its worker, process and latest attempt", async () => {
  const worker = await insertWorker(database.db, { name: "forge", host: "anvil" });
  const { run, attempt } = await insertRun(database.db, { status: "running", workerId: worker.id });
  expect(await getRun(database.db, { id: run.id }, operator)).toMatchObject({
    worker: { name: "forge", host: "anvil" },
    pid: 4242,
    attempt: 1,
    attemptId: attempt?.id,
    workspace: { path: run.workspacePath, branch: run.branch, baseCommit: run.baseCommit },
  });
});

test("offers actions to an operator and none to a viewer", async () => {
  const { run } = await insertRun(database.db, { status: "failed" });
  const seenBy = (actor: Actor) => getRun(database.db, { id: run.id }, actor);
  expect((await seenBy(operator)).availableActions).toEqual(["rerun", "continue"]);
  expect((await seenBy(viewer)).availableActions).toEqual([]);
});

test("says that there is no such run for an unknown id, number or word", async () => {
  for (const id of [
    "00000000-0000-4000-8000-000000000000",
    "#987654",
    "nonsense",
    "9".repeat(60),
  ]) {
    await expect(getRun(database.db, { id }, viewer)).rejects.toMatchObject({ code: "not_found" });
  }
});

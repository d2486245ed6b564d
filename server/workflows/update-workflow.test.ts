import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditLog, workflows } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRun } from "@/db/testing-rows";
import type { Actor } from "@/server/domain/actor";
import { createWorkflow } from "./create-workflow";
import { getWorkflow } from "./get-workflow";
import { listWorkflowVersions } from "./list-workflow-versions";
import { listWorkflows } from "./list-workflows";
import { updateWorkflow } from "./update-workflow";

const actor: Actor = { kind: "member", id: "m1", name: "Ada", role: "admin" };
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const context = () => ({ db: database.db, actor, now: new Date() });

test("saves a workflow as version 1 and every edit as the next one, changing only what is given", async () => {
  const made = await createWorkflow(context(), {
    name: "edit-me",
    agent: "shell",
    command: "true",
    description: "First",
    workspace: "persistent",
    maxTurns: 5,
  });
  expect(made).toMatchObject({ version: 1, createdBy: "member:Ada", runs: 0, lastRunAt: null });
  const edited = await updateWorkflow(context(), { name: "edit-me", command: "false" });
  expect(edited).toMatchObject({
    version: 2,
    command: "false",
    description: "First",
    workspace: "persistent",
    maxTurns: 5,
  });
  const cleared = await updateWorkflow(context(), { name: "edit-me", maxTurns: null });
  expect(cleared.version).toBe(3);
  expect(cleared.maxTurns).toBeUndefined();
  expect(await getWorkflow(database.db, { name: "edit-me", version: 1 })).toMatchObject({
    version: 1,
    command: "true",
    maxTurns: 5,
  });
  const audited = await database.db
    .select({ action: auditLog.action })
    .from(auditLog)
    .where(eq(auditLog.target, "workflow:edit-me"));
  expect(audited.map(({ action }) => action)).toEqual([
    "workflow.created",
    "workflow.updated",
    "workflow.updated",
  ]);
});

test("gives the newest version back when an edit changes nothing", async () => {
  await createWorkflow(context(), { name: "same", agent: "shell", command: "true" });
  const same = { name: "same", command: "true", model: null, description: "" };
  expect((await updateWorkflow(context(), same)).version).toBe(1);
  expect((await listWorkflowVersions(database.db, { name: "same" })).items).toHaveLength(1);
});

test("loses no edit when several are made at once", async () => {
  await createWorkflow(context(), { name: "crowded", agent: "shell", command: "true" });
  await Promise.all([
    updateWorkflow(context(), { name: "crowded", description: "described" }),
    updateWorkflow(context(), { name: "crowded", maxTurns: 7 }),
    updateWorkflow(context(), { name: "crowded", timeoutSeconds: 70 }),
  ]);
  expect(await getWorkflow(database.db, { name: "crowded" })).toMatchObject({
    version: 4,
    description: "described",
    maxTurns: 7,
    timeoutSeconds: 70,
  });
  const first = await listWorkflowVersions(database.db, { name: "crowded", limit: 3 });
  expect(first.items.map(({ version }) => version)).toEqual([4, 3, 2]);
  const rest = await listWorkflowVersions(database.db, {
    name: "crowded",
    cursor: first.nextCursor,
  });
  expect(rest.items.map(({ version }) => version)).toEqual([1]);
});

test("names the field that is wrong", async () => {
  const wrong: [Record<string, unknown>, string][] = [
    [{ name: "Bad Name", agent: "shell", command: "true" }, "name"],
    [{ name: "w", agent: "shell" }, "command"],
    [{ name: "w", agent: "claude-code", command: "true" }, "command"],
    [{ name: "w", agent: "shell", command: "a\u0000b" }, "command"],
    [{ name: "w", agent: "human" }, "agent"],
    [{ name: "w", agent: "claude-code", maxTurns: 0 }, "maxTurns"],
    [{ name: "w", agent: "claude-code", allowedTools: ["--evil"] }, "allowedTools.0"],
  ];
  for (const [input, field] of wrong) {
    const error = await createWorkflow(
      context(),
      input as Parameters<typeof createWorkflow>[1],
    ).catch((caught: unknown) => caught);
    expect(error, JSON.stringify(input)).toMatchObject({
      code: "bad_input",
      fields: { [field]: expect.any(String) },
    });
  }
  await expect(
    updateWorkflow(context(), { name: "same", agent: "claude-code" }),
  ).rejects.toMatchObject({ code: "bad_input", fields: { command: expect.any(String) } });
});

test("refuses a name that an archived workflow has, and shows no archived one in the list", async () => {
  await createWorkflow(context(), { name: "old", agent: "shell", command: "true" });
  await database.db
    .update(workflows)
    .set({ archivedAt: new Date() })
    .where(eq(workflows.name, "old"));
  await expect(
    createWorkflow(context(), { name: "old", agent: "shell", command: "true" }),
  ).rejects.toMatchObject({ code: "conflict", fields: { name: expect.any(String) } });
  const names = (await listWorkflows(database.db, {})).items.map(({ name }) => name);
  expect(names).toContain("same");
  expect(names).not.toContain("old");
});

test("counts the runs of all versions, and those of one version in the history", async () => {
  const { workflow, run } = await insertRun(database.db);
  const name = workflow.workflow.name;
  await updateWorkflow(context(), { name, command: "false" });
  expect(await getWorkflow(database.db, { name })).toMatchObject({
    version: 2,
    runs: 1,
    lastRunAt: run.createdAt,
  });
  const versions = await listWorkflowVersions(database.db, { name });
  expect(versions.items.map(({ runs }) => runs)).toEqual([0, 1]);
  await expect(listWorkflowVersions(database.db, { name: "none" })).rejects.toMatchObject({
    code: "not_found",
  });
});

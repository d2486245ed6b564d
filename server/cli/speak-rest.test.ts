import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attempts, outputChunks, transcriptEntries } from "@/db/schema";
import { insertRepository, insertRun, insertWorker } from "@/db/testing-rows";
import { answerHealth } from "@/server/api/rest/answer-health";
import { answerOutput } from "@/server/api/rest/answer-output";
import { answerRest } from "@/server/api/rest/answer-rest";
import { openTestDoor, type TestDoor } from "@/server/api/testing";
import type { RunView } from "@/server/domain/run-view";
import { recordLeftovers } from "@/server/ledger/record-leftovers";
import { seedStarterWorkflows, starterWorkflows } from "@/server/workflows/starters/seed-starters";
import { followOnTerminal } from "./follow-on-terminal";
import { type Json, openRestClient } from "./open-rest-client";
import { callCli, rememberingTerminal, serve, stop } from "./testing";

let web: TestDoor;
let server: Server;
let url: string;
const folder = mkdtempSync(path.join(tmpdir(), "coppice-cli-"));

/** The product's own REST interface, on a real database. */
beforeAll(async () => {
  web = await openTestDoor();
  ({ server, url } = await serve((request) => {
    const { pathname } = new URL(request.url);
    const address = pathname.slice("/api/v1".length);
    const output = /^\/runs\/([^/]+)\/output$/.exec(address);
    if (output?.[1]) return answerOutput(web.door, request, output[1]);
    if (address === "/health") return answerHealth(async () => web.door);
    return answerRest(web.door, request, address);
  }));
  await seedStarterWorkflows(web.database.db, new Date());
});
afterAll(async () => {
  await stop(server);
  await web.database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const call = (args: string[], token = web.tokens.admin) => callCli(args, { url, token, folder });
const callJson = async (args: string[]) => JSON.parse((await call([...args, "--json"])).out);

test("shows the same run for every id that leads to it", async () => {
  const { run, session, workspace, agentSession, attempt } = await insertRun(web.database.db, {
    status: "succeeded",
    branch: "coppice/show/1",
  });
  const ids = [
    ...[run.id, `#${run.number}`, `${run.number}`, session.id, workspace.id, agentSession.id],
    ...[agentSession.nativeId ?? "", attempt?.id ?? "", run.baseCommit?.slice(0, 9) ?? ""],
    ...["coppice/show/1", run.workspacePath ?? "", run.id.slice(0, 13)],
  ];
  for (const id of ids) {
    expect((await callJson(["show", id])).id, id).toBe(run.id);
  }
  expect((await call(["show", run.id])).out).toContain(`Run #${run.number}`);
  const none = await call(["show", "no-such-thing"]);
  expect(none).toMatchObject({ exitCode: 1, out: "" });
});

test("lists runs by their filters, page by page", async () => {
  const { run, workflow } = await insertRun(web.database.db, { status: "failed" });
  await insertRun(web.database.db, { workflow, status: "cancelled" });
  const name = workflow.workflow.name;
  const both = await callJson(["list", "--status", "failed,cancelled", "--workflow", name]);
  expect(both.items).toHaveLength(2);
  const first = await callJson(["list", "--workflow", name, "--limit", "1"]);
  const rest = await callJson(["list", "--workflow", name, "--cursor", first.nextCursor]);
  expect(rest.items.map((item: { id: string }) => item.id)).toEqual([run.id]);
  const table = await call(["list", "--workflow", name, "--status", "failed"]);
  expect(table.out).toMatch(/^RUN +STATUS +WORKFLOW +REPOSITORY +CREATED +MESSAGE\n#\d+ +failed /);
});

test("prints and follows the raw output of a run, attempt by attempt", async () => {
  const { db } = web.database;
  const { run, attempt } = await insertRun(db, { status: "succeeded" });
  const bytes = Buffer.from("raw \u001b[31mred\u001b[0m ünïcode\n");
  const attemptId = attempt?.id ?? ("" as never);
  await db.insert(outputChunks).values({ attemptId, stream: "output", offset: 0, bytes });
  await db.update(attempts).set({ outputBytes: bytes.length }).where(eq(attempts.id, attemptId));
  expect((await call(["output", `#${run.number}`])).out).toBe(bytes.toString());
  expect((await call(["output", run.id, "--from", "4", "--attempt", "1"])).out).toBe(
    bytes.subarray(4).toString(),
  );
  expect(await call(["output", run.id, "--follow"])).toMatchObject({
    exitCode: 0,
    out: bytes.toString(),
  });
  expect((await call(["output", run.id, "--attempt", "9"])).exitCode).toBe(1);
});

test("follows an agent by what it says and does", async () => {
  const { db } = web.database;
  const { run, attempt } = await insertRun(db, {
    status: "failed",
    session: { agentSession: { agent: "claude-code" } },
  });
  const entries = [
    { kind: "text" as const, text: "I look at it." },
    { kind: "tool_call" as const, toolId: "1", name: "Bash", input: { command: "ls" } },
  ];
  const attemptId = attempt?.id ?? ("" as never);
  const at = new Date();
  const rows = entries.map((entry, index) => ({
    runId: run.id,
    seq: index + 1,
    attemptId,
    at,
    entry,
  }));
  await db.insert(transcriptEntries).values(rows);
  const { terminal, read } = rememberingTerminal();
  const client = openRestClient({ COPPICE_URL: url, COPPICE_TOKEN: web.tokens.viewer });
  const view = await client.get<Json<RunView>>(`/runs/${run.id}`);
  expect(await followOnTerminal({ client, terminal }, view, false)).toBe(2);
  expect(read().out).toMatch(/^I look at it\.\n→ Bash {"command":"ls"}\n\nRun #/);
});

test("exports workflows that another installation imports, and makes versions only of changes", async () => {
  const all = JSON.parse((await call(["workflow", "export"])).out);
  const names = starterWorkflows.map(({ name }) => name);
  const exported = all.filter(({ name }: { name: string }) => names.includes(name));
  expect(exported).toHaveLength(8);
  const surgeon = JSON.parse((await call(["workflow", "export", "surgeon"])).out);
  expect(Object.keys(surgeon)).not.toContain("id");
  const file = path.join(folder, "workflows.json");
  const { maxTurns: _, ...withoutTurns } = surgeon;
  const copy = { ...surgeon, name: "surgeon-copy" };
  writeFileSync(file, JSON.stringify([...exported, copy]));
  expect((await call(["workflow", "import", "workflows.json"])).out).toBe(
    [
      ...exported.map(({ name }: { name: string }) => `${name}: version 1, unchanged`),
      "surgeon-copy: version 1, new",
      "",
    ].join("\n"),
  );
  writeFileSync(file, JSON.stringify({ ...withoutTurns, name: "surgeon-copy" }));
  const changed = await call(["workflow", "import", file]);
  expect(changed.out).toBe("surgeon-copy: version 2, changed\n");
  const now = JSON.parse((await call(["workflow", "export", "surgeon-copy"])).out);
  expect(now).toEqual({ ...withoutTurns, name: "surgeon-copy" });
  writeFileSync(file, "not json");
  expect((await call(["workflow", "import", file])).complaints).toContain(
    "does not hold workflows",
  );
});

test("tells a viewer that only an admin may import", async () => {
  const file = path.join(folder, "one.json");
  writeFileSync(file, JSON.stringify({ name: "mine", agent: "shell", command: "true" }));
  const refused = await call(["workflow", "import", file], web.tokens.viewer);
  expect(refused.exitCode).toBe(1);
  expect(refused.complaints).toMatch(/admin/);
});

test("lists repositories, workflows and workspaces", async () => {
  const { workspace } = await insertRun(web.database.db);
  expect((await call(["repo", "list"])).out).toMatch(/^NAME +BRANCH +RUNS +WORKER +ORIGIN\n/);
  expect((await call(["workflow", "list"])).out).toMatch(/\nbuilder +1 +claude-code /);
  expect((await call(["workspaces"])).out).toContain(workspace.id);
  const planned = await call(["workspaces", "remove", workspace.id]);
  expect(planned).toMatchObject({ exitCode: 1 });
});

test("sets a repository's checks from a file or standard input, and shows them", async () => {
  const { name } = await insertRepository(web.database.db);
  const given = { url, token: web.tokens.admin, folder };
  const set = (input: string, file = "-") =>
    callCli(["repo", "set", name, "--file", file], { ...given, readInput: async () => input });
  const settings = {
    setUp: { command: "npm ci" },
    checks: [{ name: "test", command: "npm test" }],
  };
  writeFileSync(path.join(folder, "settings.json"), JSON.stringify(settings));
  const done = await set("", "settings.json");
  expect(done).toMatchObject({ exitCode: 0 });
  expect(done.out).toContain("test: npm test (at most 600 s)");
  expect(await set('{"tearDown": {"command": "true"}}')).toMatchObject({ exitCode: 0 });
  expect(await callJson(["repo", "settings", name])).toMatchObject({
    ...{ setUp: { command: "npm ci", timeoutSeconds: 600 }, checkRounds: 2 },
    tearDown: { command: "true" },
  });
  expect(await set('{"checkRounds": 9}')).toMatchObject({ exitCode: 1 });
  for (const wrong of ["[]", "{"]) expect(await set(wrong)).toMatchObject({ exitCode: 64 });
  expect(await set("", "gone.json")).toMatchObject({ exitCode: 64 });
});

test("finds nothing broken only where a live worker has a usable agent", async () => {
  const { db } = web.database;
  const agents = [
    {
      kind: "shell" as const,
      program: "/bin/bash",
      version: "5.2",
      problem: null,
      howToInstall: "",
    },
    {
      kind: "codex" as const,
      program: null,
      version: null,
      problem: "not found",
      howToInstall: "npm i",
    },
  ];
  const facts = { version: "1", isolation: "none" as const, isolationWhy: "No bwrap.", agents };
  const broken = await call(["doctor"], web.tokens.viewer);
  expect(broken.exitCode).toBe(1);
  expect(broken.out).toContain("No live worker has an agent");
  await insertWorker(db, { name: "doctor-worker", facts });
  const good = await call(["doctor"], web.tokens.viewer);
  expect(good.complaints).toContain("shown is what was found last");
  expect(good.out).toContain("agent: shell  5.2  /bin/bash");
  expect(good.out).toContain("!   agent: codex  not found");
});

test("lists work, lets it go and takes that back", async () => {
  const { db } = web.database;
  const { run } = await insertRun(db, { status: "succeeded" });
  const leftovers = [{ reason: "left_out" as const, path: "data/big.bin", why: "too large" }];
  await recordLeftovers(db, { runId: run.id, leftovers, now: new Date() });
  const read = async (...more: string[]) =>
    (await callJson(["work", "--run", `#${run.number}`, ...more])).items;
  const [entry] = await read("--at-risk");
  expect(entry).toMatchObject({
    title: "data/big.bin",
    whereabouts: "in_workspace",
    isAtRisk: true,
  });
  const table = await call(["work", "--repo", entry.repository.name]);
  expect(table.out).toMatch(/^ENTRY +WHERE +COMMIT +RUN +REPOSITORY +AS OF +WHAT\n/);
  expect(table.complaints).toMatch(/At risk in all: \d+/);
  const letGo = await call(["work", "let-go", String(entry.id), "--why", "It can be made again"]);
  expect(letGo).toMatchObject({ exitCode: 0, out: "1 entry is let go.\n" });
  expect(await read("--at-risk")).toEqual([]);
  expect(await read()).toMatchObject([{ letGo: { by: "token:admin of the test" } }]);
  await call(["work", "take-back", String(entry.id)]);
  expect(await read("--at-risk")).toHaveLength(1);
  for (const args of [
    ["let-go", "1"],
    ["let-go", "x", "--why", "y"],
    ["--whereabouts", "moon"],
  ]) {
    expect((await call(["work", ...args])).exitCode, args.join(" ")).toBe(64);
  }
  const viewer = await call(["work", "let-go", String(entry.id), "--why", "x"], web.tokens.viewer);
  expect(viewer.exitCode).toBe(1);
});

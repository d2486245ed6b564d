import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { insertRepository, insertRun, insertWorker, insertWorkflow } from "@/db/testing-rows";
import { runViewSchema } from "@/server/domain/run-view";
import { makeRequest, openTestDoor, type TestDoor, type TestRequest } from "../testing";
import { answerHealth } from "./answer-health";
import { answerRest } from "./answer-rest";

let opened: TestDoor;
beforeAll(async () => {
  opened = await openTestDoor();
  const shell = { kind: "shell", program: "/bin/bash", version: null, problem: null } as const;
  await insertWorker(opened.database.db, {
    facts: {
      version: "1",
      isolation: "none",
      isolationWhy: "test",
      agents: [{ ...shell, howToInstall: "" }],
    },
  });
});
afterAll(() => opened.database.drop());

async function ask(path: string, options: TestRequest = {}) {
  const request = makeRequest(`/api/v1${path}`, { token: opened.tokens.admin, ...options });
  const response = await answerRest(opened.door, request, new URL(request.url).pathname.slice(7));
  const body = await response.json();
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  return { status: response.status, body, headers: response.headers };
}

test("gives a run as JSON with all its fields and times as ISO text", async () => {
  const { run } = await insertRun(opened.database.db, { status: "succeeded" });
  for (const key of [run.id, String(run.number), `%23${run.number}`]) {
    const { status, body } = await ask(`/runs/${key}`);
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(Object.keys(runViewSchema.shape).sort());
    expect(body).toMatchObject({ id: run.id, createdAt: run.createdAt.toISOString() });
  }
});

test("lists runs by filters in the address, repeated or with commas, page by page", async () => {
  const workflow = await insertWorkflow(opened.database.db);
  for (const status of ["succeeded", "failed", "cancelled", "queued"] as const) {
    await insertRun(opened.database.db, { workflow, status });
  }
  const { name } = workflow.workflow;
  for (const filter of ["status=failed,cancelled", "status=failed&status=cancelled"]) {
    const { body } = await ask(`/runs?workflow=${name}&${filter}`);
    expect(body.nextCursor).toBeNull();
    const statuses = body.items.map((item: { status: string }) => item.status);
    expect(statuses).toEqual(["cancelled", "failed"]);
  }
  const first = await ask(`/runs?workflow=${name}&limit=3`);
  const second = await ask(`/runs?workflow=${name}&limit=3&cursor=${first.body.nextCursor}`);
  expect(first.body.items).toHaveLength(3);
  expect(second.body.items).toHaveLength(1);
});

test("starts a run, and with the same idempotency key gives back the first", async () => {
  const repository = await insertRepository(opened.database.db);
  const { workflow } = await insertWorkflow(opened.database.db);
  const json = {
    workflow: workflow.name,
    repository: repository.name,
    message: "Do it",
    idempotencyKey: "once",
  };
  const token = opened.tokens.operator;
  const [first, second] = [
    await ask("/runs", { json, token }),
    await ask("/runs", { json, token }),
  ];
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(first.body).toMatchObject({ status: "queued", createdBy: "token:operator of the test" });
  expect(second.body.id).toBe(first.body.id);
  const cancelled = await ask(`/runs/${first.body.number}/cancel`, { method: "POST", token });
  expect(cancelled.body).toMatchObject({
    status: "cancelled",
    availableActions: ["rerun", "continue"],
  });
});

test.each<[string, string, TestRequest, number, object]>([
  ["an unknown path", "/nothing", {}, 404, { code: "not_found" }],
  ["no path", "", {}, 404, { code: "not_found" }],
  ["an unknown run", "/runs/00000000-0000-4000-8000-000000000000", {}, 404, { code: "not_found" }],
  ["a path that climbs", "/runs/..%2f..%2fetc", {}, 404, { code: "not_found" }],
  ["a path that is not UTF-8", "/runs/%ff", {}, 404, { code: "not_found" }],
  ["another method", "/runs", { method: "DELETE" }, 400, { code: "bad_input" }],
  ["no token", "/runs", { token: "" }, 401, { code: "sign_in_needed" }],
  ["a wrong token", "/runs", { token: "cop_no" }, 401, { code: "sign_in_needed" }],
  [
    "no JSON",
    "/runs",
    { body: "{", headers: { "content-type": "application/json" } },
    400,
    { code: "bad_input" },
  ],
  ["a JSON list", "/runs", { json: [] }, 400, { code: "bad_input" }],
  [
    "a form",
    "/runs",
    { body: "a=b", headers: { "content-type": "application/x-www-form-urlencoded" } },
    400,
    { code: "bad_input" },
  ],
  [
    "missing fields",
    "/runs",
    { json: {} },
    400,
    { code: "bad_input", fields: { workflow: expect.any(String), message: expect.any(String) } },
  ],
  [
    "a field it does not have",
    "/tokens",
    { json: { name: "x", role: "viewer", hash: "y" } },
    400,
    { code: "bad_input" },
  ],
  [
    "a role that it does not have",
    "/tokens",
    { json: { name: "x", role: "root" } },
    400,
    { code: "bad_input", fields: { role: expect.any(String) } },
  ],
  [
    "a wrong filter",
    "/runs?status=done",
    {},
    400,
    { code: "bad_input", fields: { "status.0": expect.any(String) } },
  ],
  ["an unknown filter", "/runs?colour=red", {}, 400, { code: "bad_input" }],
  [
    "a limit beyond the most",
    "/runs?limit=100000",
    {},
    400,
    { code: "bad_input", fields: { limit: expect.any(String) } },
  ],
  [
    "a limit in words",
    "/runs?limit=ten",
    {},
    400,
    { code: "bad_input", fields: { limit: expect.any(String) } },
  ],
  [
    "a value given twice",
    "/runs?limit=1&limit=2",
    {},
    400,
    { code: "bad_input", fields: { limit: "Give it once." } },
  ],
  ["a cursor of nobody", "/runs?cursor=abc", {}, 400, { code: "bad_input" }],
  ["a search for NUL", "/runs?q=a%00b", {}, 400, { code: "bad_input" }],
  [
    "an unknown workflow",
    "/runs",
    { json: { workflow: "no", repository: "no", message: "x" } },
    404,
    { code: "not_found" },
  ],
])("answers %s in the one form of errors", async (_what, path, options, status, error) => {
  const answer = await ask(path, options);
  expect(answer).toMatchObject({ status, body: { error } });
  const { code: _code, message, hint: _hint, fields: _fields, ...rest } = answer.body.error;
  expect(message).toEqual(expect.any(String));
  expect(rest).toEqual({});
});

test("names the methods that an address takes", async () => {
  const { headers } = await ask("/runs", { method: "DELETE" });
  expect(headers.get("allow")?.split(", ").sort()).toEqual(["GET", "POST"]);
});

test("takes a message of 256 KiB and names the field of a longer one", async () => {
  const repository = await insertRepository(opened.database.db);
  const { workflow } = await insertWorkflow(opened.database.db);
  const send = (bytes: number) =>
    ask("/runs", {
      json: {
        workflow: workflow.name,
        repository: repository.name,
        message: "é".repeat(bytes / 2),
      },
    });
  expect((await send(256 * 1024)).status).toBe(200);
  const refused = await send(256 * 1024 + 2);
  expect(refused.status).toBe(400);
  expect(refused.body.error.fields).toHaveProperty("message");
});

test("reads no more than two MiB of a request, declared or not", async () => {
  const body = JSON.stringify({ message: "x".repeat(2 * 1024 * 1024) });
  const headers = { "content-type": "application/json" };
  const declared = await ask("/runs", { body, headers });
  expect(declared).toMatchObject({ status: 400, body: { error: { code: "bad_input" } } });
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1024 * 1024;
      controller.enqueue(new Uint8Array(1024 * 1024));
    },
  });
  const request = new Request("http://localhost:3000/api/v1/runs", {
    method: "POST",
    body: endless,
    duplex: "half",
    headers: { ...headers, host: "localhost:3000", authorization: `Bearer ${opened.tokens.admin}` },
  } as RequestInit);
  expect((await answerRest(opened.door, request, "/runs")).status).toBe(400);
  expect(sent).toBeLessThan(8 * 1024 * 1024);
});

test("shows a fault of its own by an id only, and logs it whole", async () => {
  const logged = vi.spyOn(console, "error").mockReturnValue();
  const { db } = opened.door;
  const broken = { ...opened.door, db: Object.create(db, { select: { value: breakSecretly } }) };
  const request = makeRequest("/api/v1/runs", { token: opened.tokens.admin });
  const response = await answerRest(broken, request, "/runs");
  expect(response.status).toBe(500);
  const text = await response.text();
  expect(text).not.toContain("hunter2");
  const id = /error ([0-9a-f]{8})/.exec(text)?.[1];
  expect(logged).toHaveBeenCalledWith(
    `error ${id}:`,
    expect.objectContaining({ message: "password hunter2" }),
  );
  logged.mockRestore();
});

function breakSecretly() {
  throw new Error("password hunter2");
}

test("says that the database is away as 503, and so does health", async () => {
  const away = () => {
    throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  };
  const quiet = vi.spyOn(console, "error").mockReturnValue();
  const db = Object.create(opened.door.db, { select: { value: away } });
  const door = { ...opened.door, db };
  const request = makeRequest("/api/v1/runs", { token: opened.tokens.admin });
  expect((await answerRest(door, request, "/runs")).status).toBe(503);
  const health = await answerHealth(async () => door);
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({ database: "away" });
  quiet.mockRestore();
  const well = await answerHealth(async () => opened.door);
  expect([well.status, await well.json()]).toEqual([
    200,
    { status: "ok", version: expect.any(String), database: "ok", workers: expect.any(Number) },
  ]);
});

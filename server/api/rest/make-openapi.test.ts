import { afterAll, beforeAll, expect, test } from "vitest";
import { makeRequest, openTestDoor, type TestDoor } from "../testing";
import { answerOpenApi } from "./answer-openapi";

let opened: TestDoor;
beforeAll(async () => {
  opened = await openTestDoor();
});
afterAll(() => opened.database.drop());

test("describes every address in OpenAPI 3.1 with references that lead somewhere", async () => {
  const request = makeRequest("/api/openapi.json", { token: opened.tokens.viewer });
  const document = await (await answerOpenApi(opened.door, request)).json();
  expect(document.openapi).toMatch(/^3\.1\./);
  const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  );
  const names = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(names).toEqual(expect.arrayContaining(promised));
  const ids = operations.map((operation) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, parameters = [], responses } of operations) {
    const inPath = parameters.filter((one) => one.in === "path").map((one) => one.name);
    expect(inPath.sort()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort());
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(["200", "400", "404"]));
  }
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
  for (const [, reference = ""] of references) {
    expect([reference, resolve(document, reference)]).toEqual([reference, expect.anything()]);
  }
});

interface Operation {
  operationId: string;
  parameters?: { in: string; name: string }[];
  responses: Record<string, unknown>;
}

function resolve(document: unknown, reference: string): unknown {
  const steps = reference.split("/");
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)?.[step], document);
}

const promised = [
  "POST /runs",
  "GET /runs",
  "GET /runs/{id}",
  "GET /runs/{id}/events",
  "GET /runs/{id}/transcript",
  "GET /runs/{id}/commits",
  "GET /runs/{id}/diff",
  "GET /runs/{id}/output",
  "GET /runs/{id}/patch",
  "GET /runs/{id}/snapshots",
  "POST /runs/{id}/restore",
  "POST /sessions/{id}/restore",
  "POST /workspaces/{id}/restore",
  "GET /workspaces/{id}/audit",
  "POST /runs/{id}/deliveries",
  "GET /runs/{id}/deliveries",
  "POST /runs/{id}/deliveries/preview",
  "POST /deliveries/{id}/undo",
  "POST /runs/{id}/cancel",
  "POST /runs/{id}/rerun",
  "GET /sessions/{id}",
  "POST /sessions/{id}/runs",
  "GET /workspaces",
  "GET /workspaces/{id}",
  "POST /workspaces/{id}/remove",
  "GET /repositories",
  "POST /repositories",
  "GET /workflows",
  "POST /workflows",
  "GET /workflows/{name}",
  "PATCH /workflows/{name}",
  "GET /work",
  "GET /work/summary",
  "POST /work/let-go",
  "POST /work/take-back",
  "GET /workers",
  "GET /search",
  "GET /health",
  "GET /metrics",
];

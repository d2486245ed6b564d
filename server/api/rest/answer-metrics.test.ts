import { afterAll, beforeAll, expect, test } from "vitest";
import { makeRequest, openTestDoor, type TestDoor } from "../testing";
import { answerMetrics } from "./answer-metrics";

let opened: TestDoor;
beforeAll(async () => {
  opened = await openTestDoor();
});
afterAll(() => opened.database.drop());

test("counts runs, workers, waiting and events for Prometheus, for members only", async () => {
  const get = (token: string) =>
    answerMetrics(opened.door, makeRequest("/api/v1/metrics", { token }));
  expect((await get("cop_no")).status).toBe(401);
  const response = await get(opened.tokens.viewer);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const lines = (await response.text()).trimEnd().split("\n");
  expect(lines).toContain("# TYPE coppice_runs gauge");
  for (const line of lines) {
    expect(line).toMatch(
      /^(# (HELP|TYPE) coppice_\w+ .+|coppice_\w+(\{status="\w+"\})? \d+(\.\d+)?)$/,
    );
  }
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { outputChunks } from "@/db/schema";
import { insertAttempt, insertRun } from "@/db/testing-rows";
import { makeRequest, openTestDoor, type TestDoor } from "../testing";
import { answerOutput } from "./answer-output";

let opened: TestDoor;
beforeAll(async () => {
  opened = await openTestDoor();
});
afterAll(() => opened.database.drop());

test("gives any range of a run's raw output, byte for byte, to members only", async () => {
  const bytes = Buffer.from("\u001b[31mred\u001b[0m \u0000 <script>é</script>\n");
  const { run, attempt } = await insertRun(opened.database.db, { status: "running" });
  const attemptId = attempt?.id;
  if (!attemptId) throw new Error("the run has no attempt");
  const { workerId } = run;
  if (!workerId) throw new Error("the run has no worker");
  const second = await insertAttempt(opened.database.db, {
    runId: run.id,
    workerId,
    number: 2,
    outputBytes: bytes.length,
  });
  await opened.database.db
    .insert(outputChunks)
    .values({ attemptId: second.id, stream: "output", offset: 0, bytes });
  const read = async (query: string, token = opened.tokens.viewer) => {
    const request = makeRequest(`/api/v1/runs/${run.id}/output${query}`, { token });
    return answerOutput(opened.door, request, run.id);
  };
  const whole = await read("");
  expect(Buffer.from(await whole.arrayBuffer())).toEqual(bytes);
  expect(whole.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(whole.headers.get("x-content-type-options")).toBe("nosniff");
  const part = await read("?from=5&to=8");
  expect(await part.text()).toBe("red");
  expect(part.headers.get("x-coppice-output-length")).toBe(String(bytes.length));
  expect(await (await read("?attempt=1")).text()).toBe("");
  expect((await read("?from=-1")).status).toBe(400);
  expect((await read("?attempt=9")).status).toBe(404);
  expect((await read("", "cop_no")).status).toBe(401);
});

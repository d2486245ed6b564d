import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DeliveryState } from "@/server/domain/delivery";
import { type Answer, callCli, serve, stop } from "../testing";

const runId = "11111111-1111-4111-8111-111111111111";
const id = "22222222-2222-4222-8222-222222222222";
const view = {
  ...{ id, runId, kind: "merge", method: "squash", target: "main", base: null, undoOf: null },
  ...{ resultSha: "a".repeat(40), conflicts: [] as object[], problem: null as string | null },
  ...{ hint: null, pullRequest: null, compareUrl: null },
};
const preview = {
  ...{ outcome: "updates", sentence: "2 commits go into main.", problem: null, hint: null },
  ...{ commits: [{ sha: "b".repeat(40), title: "Work", author: "Ada" }], commitCount: 2 },
  ...{ fileCount: 3, additions: 4, deletions: 5, conflicts: [] },
};

let folder: string;
let url: string;
let close: () => Promise<void>;
let asked: { path: string; body: unknown }[];
/** What the delivery is found to be, one after another. */
let states: DeliveryState[];
let outcome: string;

const answer: Answer = async (request) => {
  const at = new URL(request.url).pathname.slice("/api/v1".length);
  const next = () => ({ ...view, state: states.length > 1 ? states.shift() : states[0] });
  if (request.method === "POST") {
    asked.push({ path: at, body: await request.json() });
    return Response.json(at.endsWith("/preview") ? { ...preview, outcome } : next());
  }
  if (at === `/deliveries/${id}`) return Response.json(next());
  if (at === `/runs/${runId}/deliveries`) {
    const problem = "a.txt does not merge";
    const conflicts = [{ path: "a.txt", hunks: [] }];
    return Response.json({ items: [{ ...view, state: "conflict", problem, conflicts }] });
  }
  if (at === "/runs/7") return Response.json({ id: runId, number: 7 });
  return Response.json({ error: { code: "not_found", message: "no" } }, { status: 404 });
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "coppice-cli-"));
  asked = [];
  states = ["delivered"];
  outcome = "updates";
  const served = await serve(answer);
  url = served.url;
  close = () => stop(served.server);
});
afterEach(async () => {
  await close();
  await rm(folder, { recursive: true });
});

const call = (...args: string[]) => callCli(["deliver", ...args], { url, folder });

test.each<[string[], string, object]>([
  [["7"], `/runs/${runId}/deliveries`, { kind: "push" }],
  [
    ["7", "--merge", "--method", "squash"],
    `/runs/${runId}/deliveries`,
    { kind: "merge", method: "squash" },
  ],
  [
    ["7", "--pr", "--target", "next"],
    `/runs/${runId}/deliveries`,
    { kind: "pull_request", target: "next" },
  ],
  [["7", "--merge", "--dry-run"], `/runs/${runId}/deliveries/preview`, { kind: "merge" }],
  [["--undo", id], `/deliveries/${id}/undo`, { isRevert: false }],
  [["--undo", id, "--revert", "--dry-run"], `/deliveries/${id}/undo/preview`, { isRevert: true }],
])("coppice deliver %j asks for %s", async (args, where, body) => {
  expect(await call(...args)).toMatchObject({ exitCode: 0, complaints: "" });
  expect(asked).toEqual([{ path: where, body }]);
});

test("waits for the end, and fails when the origin does not have the work", async () => {
  states = ["planned", "running", "delivered"];
  const done = await call("7", "--merge");
  expect(done.exitCode).toBe(0);
  expect(done.out).toContain("Merge (squash) main: delivered");
  states = ["running", "refused"];
  expect((await call("7", "--merge")).exitCode).toBe(2);
  states = ["planned"];
  expect((await call("7", "--no-wait")).exitCode).toBe(0);
  outcome = "conflict";
  expect((await call("7", "--dry-run")).exitCode).toBe(2);
});

test("lists what was delivered, with the files of a conflict", async () => {
  const listed = await call("7", "--list");
  expect(listed.out).toContain("conflict a.txt");
});

test.each([[[]], [["7", "--push", "--pr"]], [["7", "--undo", id]]])(
  "does not guess what %j wants",
  async (args) => {
    expect((await call(...args)).exitCode).toBe(64);
    expect(asked).toEqual([]);
  },
);

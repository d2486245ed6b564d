import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Answer, callCli, serve, stop } from "../testing";

const runId = "11111111-1111-4111-8111-111111111111";
const workspaceId = "22222222-2222-4222-8222-222222222222";
const sessionId = "33333333-3333-4333-8333-333333333333";
const sha = "abcdef0123456789abcdef0123456789abcdef01";
const patch = Buffer.from([0x64, 0x69, 0x66, 0x66, 0, 255, 10]);

let folder: string;
let asked: { path: string; body: unknown }[];
let close: () => Promise<void>;
let url: string;
let patchLength: number;

const answer: Answer = async (request) => {
  const { pathname, search } = new URL(request.url);
  const at = pathname.slice("/api/v1".length);
  if (request.method === "POST") {
    asked.push({ path: at, body: await request.json() });
    const workspace = { id: workspaceId, path: "/w", sessionId, state: "ready" };
    const run = { id: runId, number: 7 };
    const view = {
      ...{ id: "r", way: "branch", sha, branch: "b", askedBy: "x", askedAt: "" },
      run,
    };
    return Response.json(at.startsWith("/workspaces/") ? workspace : { ...view, workspace: null });
  }
  if (at === `/runs/${runId}/patch`) {
    asked.push({ path: `${at}${search}`, body: null });
    const headers = { "content-length": String(patchLength), connection: "close" };
    return new Response(patch, { headers });
  }
  if (at === "/search") {
    const q = new URL(request.url).searchParams.get("q");
    const matched = q === sessionId ? "session id" : "snapshot";
    const run = { id: runId, number: 7, status: "succeeded", title: "" };
    return Response.json({ items: [{ matched, run }] });
  }
  if (at === `/runs/${runId}` || at === "/runs/7") {
    return Response.json({ id: runId, number: 7, sessionId });
  }
  return Response.json({ error: { code: "not_found", message: "no" } }, { status: 404 });
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "coppice-cli-"));
  asked = [];
  patchLength = patch.length;
  const served = await serve(answer);
  url = served.url;
  close = () => stop(served.server);
});
afterEach(async () => {
  await close();
  await rm(folder, { recursive: true });
});

const call = (...args: string[]) => callCli(["restore", ...args], { url, folder });

test.each<[string[], string, object]>([
  [["7", "--branch", "back"], `/runs/${runId}/restore`, { way: "branch", branch: "back" }],
  [["7", "--workspace"], `/runs/${runId}/restore`, { way: "workspace" }],
  [["7", "--at", "2", "--workspace"], `/runs/${runId}/restore`, { way: "workspace", at: "2" }],
  [["abcdef01", "--workspace"], `/runs/${runId}/restore`, { way: "workspace", at: "abcdef01" }],
  [[sessionId, "--workspace"], `/sessions/${sessionId}/restore`, { way: "workspace" }],
  [[workspaceId], `/workspaces/${workspaceId}/restore`, {}],
  [[workspaceId, "--at", "3"], `/workspaces/${workspaceId}/restore`, { at: "3" }],
])("coppice restore %j asks for %s", async (args, where, body) => {
  const called = await call(...args);
  expect(called).toMatchObject({ exitCode: 0, complaints: "" });
  expect(asked).toEqual([{ path: where, body }]);
});

test("writes a patch whole, byte for byte, or not at all", async () => {
  expect(await call("7", "--at", "1", "--patch", "x.patch")).toMatchObject({ exitCode: 0 });
  expect(await readFile(path.join(folder, "x.patch"))).toEqual(patch);
  expect(asked).toEqual([{ path: `/runs/${runId}/patch?at=1`, body: null }]);
  await rm(path.join(folder, "x.patch"));
  patchLength = patch.length + 1;
  expect((await call("7", "--patch", "x.patch")).exitCode).not.toBe(0);
  expect(await readdir(folder)).toEqual([]);
});

test.each([[["7"]], [["7", "--patch", "x", "--workspace"]], [[]]])(
  "does not guess what %j wants",
  async (args) => {
    expect((await call(...args)).exitCode).toBe(64);
    expect(asked).toEqual([]);
  },
);

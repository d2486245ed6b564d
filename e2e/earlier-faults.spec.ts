import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ApiRun, api, expect, test, uniqueName } from "./coppice";
import { baseUrl, e2e } from "./place";

const neverMissing = (run: ApiRun) => ({
  id: run.id,
  sessionId: run.sessionId,
  agentSessionId: run.agentSessionId,
  workspace: run.workspace.id,
  path: run.workspace.path,
  branch: run.workspace.branch,
  baseCommit: run.workspace.baseCommit,
  worker: run.worker?.name,
  pid: run.pid,
});

/** The agent's first instruction asks Coppice about itself and keeps the answer as a file. */
const askAboutSelf = [
  `curl -sf -H "Authorization: Bearer ${e2e.token}" "${baseUrl}/api/v1/runs/$COPPICE_RUN_ID" > seen.json`,
  'git add seen.json && git commit -qm "What I saw"',
].join(" && ");

test("At its first instruction a run is already running, with workspace, process and every id", async () => {
  const workflow = uniqueName("asker");
  await api.defineShell(workflow, askAboutSelf);
  const started = await Promise.all(Array.from({ length: 20 }, () => api.start(workflow)));
  const polling = pollWhile(started.map(({ id }) => id));
  const ended = await Promise.all(started.map(({ id }) => api.waitForEnd(id)));
  const polls = await polling;

  expect(ended.map(({ status }) => status)).toEqual(ended.map(() => "succeeded"));
  for (const run of ended) {
    const seen: ApiRun = JSON.parse(
      readFileSync(join(run.workspace.path ?? "", "seen.json"), "utf8"),
    );
    expect(seen.status).toBe("running");
    expect(neverMissing(seen)).toEqual(neverMissing(run));
    for (const value of Object.values(neverMissing(seen))) expect(value).toBeTruthy();
  }
  expect(polls.count).toBeGreaterThanOrEqual(500);
  expect(polls.incomplete).toEqual([]);
});

/** Asks again and again, at least 500 times in all, and keeps every “running” that lacks something. */
async function pollWhile(ids: string[]): Promise<{ count: number; incomplete: ApiRun[] }> {
  const incomplete: ApiRun[] = [];
  let count = 0;
  let isOver = false;
  while (!isOver || count < 500) {
    const seen = await Promise.all(ids.map((id) => api.run(id)));
    count += seen.length;
    for (const run of seen) {
      const lacks = Object.values(neverMissing(run)).some((value) => !value);
      if ((run.status === "running" || run.status === "waiting") && lacks) incomplete.push(run);
    }
    isOver = seen.every(({ status }) => ["succeeded", "failed", "cancelled"].includes(status));
  }
  return { count, incomplete };
}

test("The workspace path is in the database before the agent starts, and the run's JSON shows it", async () => {
  const workflow = uniqueName("path");
  await api.defineShell(workflow, 'test "$COPPICE_WORKSPACE" = "$PWD" && pwd');
  const { id } = await api.start(workflow);
  const run = await api.waitForEnd(id);
  const { items } = await api.call<{ items: { kind: string; data: { path?: string } }[] }>(
    "GET",
    `/runs/${id}/events?limit=100`,
  );
  const kinds = items.map(({ kind }) => kind);
  expect(kinds.indexOf("workspace_ready")).toBeLessThan(kinds.indexOf("agent_started"));
  const ready = items.find(({ kind }) => kind === "workspace_ready");
  expect(ready?.data.path).toBe(run.workspace.path);
  const output = await api.raw("GET", `/runs/${id}/output`);
  expect(await output.text()).toBe(`${run.workspace.path}\n`);
});

test("No id leads to another thing: each one fed to each look-up finds its own or nothing", async () => {
  const { id } = await api.start("script");
  const run = await api.waitForEnd(id);
  const ids = {
    run: run.id,
    session: run.sessionId,
    agentSession: run.agentSessionId ?? "",
    workspace: run.workspace.id,
    attempt: run.attemptId ?? "",
  };
  expect(new Set(Object.values(ids)).size).toBe(5);
  const lookUps = { run: "/runs/", session: "/sessions/", workspace: "/workspaces/" };
  for (const [noun, path] of Object.entries(lookUps)) {
    for (const [kind, value] of Object.entries(ids)) {
      const response = await api.raw("GET", path + value);
      expect([noun, kind, response.status]).toEqual([noun, kind, noun === kind ? 200 : 404]);
    }
  }
  for (const value of Object.values(ids)) {
    const { items } = await api.call<{ items: { run: { id: string } }[] }>(
      "GET",
      `/search?q=${value}`,
    );
    expect(items.map((hit) => hit.run.id)).toContain(run.id);
  }
});

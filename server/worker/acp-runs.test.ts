import { existsSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type runs, transcriptEntries } from "@/db/schema";
import { script, startModelServer } from "@/e2e/model-server.mjs";
import { type RealAgent, requireProgram } from "@/server/agents/testing-real";
import { realGemini, realOpencode } from "@/server/agents/testing-real-agents";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation } from "./testing";

type Run = typeof runs.$inferSelect;

const isAll = process.env.COPPICE_TEST_AGENTS === "all";
let trial: TrialInstallation;
let model: Awaited<ReturnType<typeof startModelServer>>;

beforeAll(async () => {
  model = await startModelServer();
  trial = await openTrialInstallation();
  const wanted = isAll ? [realGemini, realOpencode] : [];
  for (const agent of wanted) requireProgram(agent, "Run “npm run test:agents”.");
  const variables = wanted.map((agent) => agent.worker(model.url, trial.home));
  const nowhere = join(trial.home, "nowhere");
  await trial.startWorker({
    environment: {
      ...Object.assign({}, ...variables),
      COPPICE_GEMINI_PATH: isAll ? realGemini.program : nowhere,
      COPPICE_OPENCODE_PATH: isAll ? realOpencode.program : nowhere,
    },
  });
  await define("gemini", realGemini);
  await define("opencode", realOpencode);
  await trial.defineWorkflow("other", { agent: "acp", command: "an-agent-that-nobody-has --acp" });
});
afterAll(async () => {
  await trial?.end();
  await model?.close();
});

const define = (name: string, { command }: RealAgent) =>
  trial.defineWorkflow(name, { agent: "acp", command });

const start = (workflow: string, message: string, more: object = {}) =>
  startRun(trial.context(), { workflow, repository: "sample", message, ...more });

it("fails a run whose ACP agent its host does not have, and says how to get it", async () => {
  const { runId } = await start("other", "do it");
  expect(await trial.waitForEnd(runId)).toMatchObject({
    status: "failed",
    endReason: "agent_not_found",
    error: expect.stringMatching(/an-agent-that-nobody-has/),
  });
});

if (isAll) {
  it("begins another conversation of Gemini CLI in the same session, and says so", async () => {
    const [first, second] = await runTwice("gemini", "write_file", "file_path");
    expect(second.agentNativeId).not.toBe(first.agentNativeId);
    expect(await noticesOf(second)).toMatch(/begins a new one/);
  }, 180_000);

  it("goes on in the conversation of opencode", async () => {
    const [first, second] = await runTwice("opencode", "write", "filePath");
    expect(second.agentNativeId).toBe(first.agentNativeId);
    expect(await noticesOf(second)).not.toMatch(/begins a new one/);
    const asked = model.requests.filter(({ body }) =>
      JSON.stringify(body).includes("wrote two of opencode"),
    );
    expect(JSON.stringify(asked[0]?.body)).toContain("wrote one of opencode");
  }, 180_000);
} else {
  it("refuses a run whose ACP agent no worker has, with the command that installs it", async () => {
    await expect(start("gemini", "do it")).rejects.toMatchObject({
      message: expect.stringMatching(/No worker can run the agent “gemini”/),
      hint: expect.stringContaining("npm install -g @google/gemini-cli"),
    });
  });
}

async function runTwice(workflow: string, tool: string, field: string): Promise<[Run, Run]> {
  const task = (name: string) =>
    script(
      { tool, input: { [field]: `${name}.txt`, content: name } },
      { text: `wrote ${name} of ${workflow}` },
    );
  const first = await trial.waitForEnd((await start(workflow, task("one"))).runId);
  expect(first).toMatchObject({
    status: "succeeded",
    result: `wrote one of ${workflow}`,
    commits: 1,
  });
  const more = { sessionId: first.sessionId };
  const second = await trial.waitForEnd((await start(workflow, task("two"), more)).runId);
  expect(second).toMatchObject({ status: "succeeded", result: `wrote two of ${workflow}` });
  for (const name of ["one.txt", "two.txt"]) {
    expect(existsSync(join(second.workspacePath ?? "", name)), name).toBe(true);
  }
  const { agentNativeId } = await trial.waitFor(first.id, () => true);
  expect(agentNativeId).toBe(first.agentNativeId);
  return [first, second];
}

async function noticesOf(run: Run): Promise<string> {
  const rows = await trial.database.db
    .select({ entry: transcriptEntries.entry })
    .from(transcriptEntries)
    .where(eq(transcriptEntries.runId, run.id));
  return rows.flatMap(({ entry }) => (entry.kind === "notice" ? [entry.text] : [])).join("\n");
}

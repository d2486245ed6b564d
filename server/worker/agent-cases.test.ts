import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { attempts, transcriptEntries, usageEntries } from "@/db/schema";
import { script, startModelServer } from "@/e2e/model-server.mjs";
import { readControl } from "@/server/agents/read-control";
import type { RunId } from "@/server/domain/ids";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation } from "./testing";

const program = resolve("e2e/agents/node_modules/.bin/claude");
let trial: TrialInstallation;
let model: Awaited<ReturnType<typeof startModelServer>>;

beforeAll(async () => {
  if (!existsSync(program)) {
    throw new Error("The real Claude Code is not installed. Run “npm test”, which installs it.");
  }
  model = await startModelServer();
  trial = await openTrialInstallation();
  await trial.startWorker({
    slots: 8,
    environment: {
      COPPICE_CLAUDE_PATH: program,
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "dummy-key-for-tests",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_MAX_RETRIES: "1",
    },
  });
  await trial.defineWorkflow("coder", { agent: "claude-code", allowedTools: ["Bash"] });
});
afterAll(async () => {
  await trial?.end();
  await model?.close();
});

async function start(message: string): Promise<RunId> {
  const input = { workflow: "coder", repository: "sample", message };
  return (await startRun(trial.context(), input)).runId;
}

const bash = (command: string) => ({ tool: "Bash", input: { command, description: "x" } });

const attemptsOf = (runId: RunId) =>
  trial.database.db
    .select()
    .from(attempts)
    .where(eq(attempts.runId, runId))
    .orderBy(asc(attempts.number));

async function noticesOf(runId: RunId): Promise<string[]> {
  const found = await trial.database.db
    .select({ entry: transcriptEntries.entry })
    .from(transcriptEntries)
    .where(eq(transcriptEntries.runId, runId));
  return found.flatMap(({ entry }) => (entry.kind === "notice" ? [entry.text] : []));
}

it("names what the agent met, and tries again by itself only what another try can change", async () => {
  const unknown = await start(
    script({ status: 401, errorType: "authentication_error", message: "invalid x-api-key" }),
  );
  const overloaded = await start(
    script({ status: 529, errorType: "overloaded_error", message: "Overloaded" }),
  );
  const cut = await start(script(bash("kill -KILL $PPID"), { text: "never said" }));
  const cleared = await start("/clear");
  const lost = await start(
    script(bash("[ -e again ] || { touch again; sleep 600; }"), { text: "done at last" }),
  );

  expect(await trial.waitForEnd(unknown)).toMatchObject({
    ...{ status: "failed", endReason: "agent_sign_in_needed", attemptNumber: 1 },
  });
  const tired = await trial.waitForEnd(overloaded);
  expect(tired).toMatchObject({ endReason: "agent_error", attemptNumber: 1 });
  expect(tired.error).toContain("529");
  expect(await noticesOf(overloaded)).toContainEqual(expect.stringContaining("529"));
  expect(await trial.waitForEnd(cut)).toMatchObject({
    ...{ status: "failed", endReason: "no_terminal_event", costUsd: null },
  });
  const [ended] = await attemptsOf(cut);
  const entries = await trial.database.db
    .select()
    .from(usageEntries)
    .where(eq(usageEntries.attemptId, ended?.id ?? expect.fail("no attempt")));
  expect(entries).toMatchObject([{ model: null, inputTokens: null, costUsd: null }]);
  const asked = await trial.waitForEnd(cleared);
  expect(asked.endReason).not.toBe("session_id_changed");

  const [begun] = await attemptsOf(lost);
  await waitForWorkInTool(lost);
  const { keeper } = readControl(begun?.controlPath ?? "");
  process.kill(keeper?.pid ?? expect.fail("no keeper"), "SIGKILL");
  const again = await trial.waitForEnd(lost);
  expect(again).toMatchObject({ status: "succeeded", result: "done at last", attemptNumber: 2 });
  // “--session-id” would be refused: the id is in use.
  const tries = await attemptsOf(lost);
  expect(tries.map(({ isResume, endReason }) => [isResume, endReason])).toEqual([
    [false, "worker_lost"],
    [true, "completed"],
  ]);
}, 60_000);

async function waitForWorkInTool(runId: RunId): Promise<void> {
  const run = await trial.waitFor(runId, ({ status }) => status === "running");
  const made = resolve(run.workspacePath ?? "", "again");
  while (!existsSync(made)) await new Promise((done) => setTimeout(done, 20));
}

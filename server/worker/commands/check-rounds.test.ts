import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { attempts, checkRounds, runCommands } from "@/db/schema";
import { script, startModelServer } from "@/e2e/model-server.mjs";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation } from "../testing";

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
    environment: {
      COPPICE_CLAUDE_PATH: program,
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "dummy-key-for-tests",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_MAX_RETRIES: "1",
    },
  });
});
afterAll(async () => {
  await trial?.end();
  await model?.close();
});

const bash = (command: string) => ({ tool: "Bash", input: { command, description: "work" } });
/** Fails with a script for the model, which the agent thereby meets in what is sent back to it. */
const unless = (path: string, ...steps: object[]) =>
  `test -e ${path} && exit 0; echo '${script(...steps)}'; exit 1`;

it("sends a failing check back to Claude Code, which mends it in its session; else the run fails", async () => {
  const { db } = trial.database;
  const define = (name: string, command: string, checkRounds: number) =>
    trial.defineWorkflow(name, {
      agent: "claude-code",
      allowedTools: ["Bash"],
      checks: [{ name: "tests", command, timeoutSeconds: 60 }],
      checkRounds,
    });
  await define("mender", unless("b", bash("echo b > b"), { text: "mended" }), 2);
  await define("idler", unless("c", { text: "I cannot" }), 1);
  const message = script(bash("echo a > a"), { text: "done" });
  const start = async (workflow: string) =>
    trial.waitForEnd(
      (await startRun(trial.context(), { workflow, repository: "sample", message })).runId,
    );
  const [mended, failed] = await Promise.all([start("mender"), start("idler")]);

  expect(mended).toMatchObject({
    ...{ status: "succeeded", verdict: "verified", result: "mended" },
    ...{ attemptNumber: 2, attemptsSpent: 1, filesChanged: 2, turns: 4 },
  });
  const tries = await db
    .select()
    .from(attempts)
    .where(eq(attempts.runId, mended.id))
    .orderBy(asc(attempts.number));
  expect(tries).toMatchObject([
    { endReason: "checks_failed", isResume: false },
    { endReason: "completed", isResume: true },
  ]);
  const rounds = await db
    .select()
    .from(checkRounds)
    .where(eq(checkRounds.runId, mended.id))
    .orderBy(asc(checkRounds.number));
  expect(rounds).toMatchObject([{ state: "sent_back" }, { state: "passed" }]);
  const events = await trial.eventsOf(mended.id);
  expect(events.filter(({ kind }) => kind === "checks_sent_back")).toMatchObject([
    { data: { round: 1, text: "Check “tests” failed with exit code 1." } },
  ]);
  expect(events.some(({ data }) => data.waitReason === "checks_round")).toBe(true);

  expect(failed).toMatchObject({
    ...{ status: "failed", endReason: "checks_failed", attemptNumber: 2, commits: 1 },
    error: "Check “tests” failed with exit code 1.",
  });
  const checked = await db.select().from(runCommands).where(eq(runCommands.runId, failed.id));
  expect(checked.map(({ state }) => state)).toEqual(["failed", "failed"]);
});

import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { asc, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { attempts, outputChunks } from "@/db/schema";
import type { AttemptId } from "@/server/domain/ids";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation, type TrialWorker } from "./testing";

const floodBytes = 100 * 1024 * 1024;
const allowedGrowthBytes = 80 * 1024 * 1024;
let trial: TrialInstallation;
let worker: TrialWorker;

beforeAll(async () => {
  trial = await openTrialInstallation();
  worker = await trial.startWorker();
});
afterAll(async () => {
  await trial?.end();
});

async function start(workflow: string) {
  const input = { workflow, repository: "sample", message: "do it" };
  return (await startRun(trial.context(), input)).runId;
}

function residentBytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Rss:\s+(\d+)/m.exec(rollup)?.[1]) * 1024;
}

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Chunk by chunk, so that the test does not hold what the worker must not hold. */
async function hashOfStored(attemptId: AttemptId): Promise<string> {
  const hash = createHash("sha256");
  let offset = 0;
  for (;;) {
    const [chunk] = await trial.database.db
      .select()
      .from(outputChunks)
      .where(sql`${outputChunks.attemptId} = ${attemptId} and ${outputChunks.offset} = ${offset}
        and ${outputChunks.stream} = 'output'`)
      .orderBy(asc(outputChunks.offset));
    if (!chunk) return hash.digest("hex");
    hash.update(chunk.bytes);
    offset += chunk.bytes.length;
  }
}

it("stores 100 MB of output whole, while the worker's memory hardly grows", async () => {
  await trial.defineWorkflow("flood", {
    command: `yes "$(printf 'y%.0s' $(seq 1 99))" | head -c ${floodBytes}`,
  });
  await trial.defineWorkflow("idle", { command: "true" });
  await trial.waitForEnd(await start("idle"));
  const before = residentBytes(worker.pid);
  const runId = await start("flood");
  let peak = before;
  const run = await trial.waitFor(runId, ({ status }) => {
    peak = Math.max(peak, residentBytes(worker.pid));
    return status === "succeeded" || status === "failed";
  });
  expect(run).toMatchObject({ status: "succeeded", error: null });
  const [attempt] = await trial.database.db
    .select()
    .from(attempts)
    .where(eq(attempts.runId, runId));
  if (!attempt) throw new Error("no attempt");
  expect(attempt.outputBytes).toBe(floodBytes);
  expect(await hashOfStored(attempt.id)).toBe(
    await hashOfFile(join(attempt.controlPath, "output")),
  );
  const grownMb = Math.round((peak - before) / 1024 ** 2);
  console.log(
    `100 MB of output: worker ${Math.round(before / 1024 ** 2)} MB, grew by ${grownMb} MB`,
  );
  expect(peak - before).toBeLessThan(allowedGrowthBytes);
}, 120_000);

it("never stores a secret of the worker's environment, also when it is written in pieces", async () => {
  const secret = "hunter2-very-secret-value-1234";
  await worker.kill("SIGTERM");
  worker = await trial.startWorker({ environment: { COMPANY_TOKEN: secret } });
  const [head, tail] = [secret.slice(0, 9), secret.slice(9)];
  await trial.defineWorkflow("leak", {
    command: `echo "before ${secret} after"; printf '${head}'; sleep 0.3; echo '${tail}'`,
  });
  const runId = await start("leak");
  const run = await trial.waitForEnd(runId);
  const [attempt] = await trial.database.db
    .select()
    .from(attempts)
    .where(eq(attempts.runId, runId));
  if (!attempt) throw new Error("no attempt");
  const stored = (await trial.outputOf(attempt.id)).toString();
  const stars = "*".repeat(secret.length);
  expect(stored).toBe(`before ${stars} after\n${stars}\n`);
  expect(run.result).not.toContain(secret);
  expect(JSON.stringify(attempt)).not.toContain(head);
});

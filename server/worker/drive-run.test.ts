import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attempts, commits, snapshots, workspaces } from "@/db/schema";
import { cancelRun } from "@/server/runs/cancel-run";
import { continueSession } from "@/server/runs/continue-session";
import { rerunRun } from "@/server/runs/rerun-run";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation } from "./testing";

let trial: TrialInstallation;
beforeAll(async () => {
  trial = await openTrialInstallation();
  await trial.startWorker();
});
afterAll(async () => {
  await trial?.end();
});

async function start(workflow: string, extra: Partial<Parameters<typeof startRun>[1]> = {}) {
  const input = { workflow, repository: "sample", message: "do it", ...extra };
  return (await startRun(trial.context(), input)).runId;
}

const commitsOf = (runId: Awaited<ReturnType<typeof start>>) =>
  trial.database.db
    .select()
    .from(commits)
    .where(eq(commits.runId, runId))
    .orderBy(asc(commits.position));

describe("a run's whole life", () => {
  it("goes through every status in order, with events numbered without gaps", async () => {
    const runId = await start("script");
    const run = await trial.waitForEnd(runId);
    const events = await trial.eventsOf(runId);
    expect(run).toMatchObject({ status: "succeeded", endReason: "completed", commits: 1 });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const statuses = events.filter(({ kind }) => kind === "status_changed");
    expect(statuses.map(({ data }) => data.to)).toEqual([
      "queued",
      "preparing",
      "running",
      "finishing",
      "succeeded",
    ]);
  });

  it("keeps what a failed command left uncommitted as a snapshot on the run's branch", async () => {
    await trial.defineWorkflow("leaver", { command: "echo left > left.txt; exit 3" });
    const runId = await start("leaver");
    const run = await trial.waitForEnd(runId);
    expect(run).toMatchObject({ status: "failed", endReason: "command_failed", filesChanged: 1 });
    const [commit] = await commitsOf(runId);
    expect(commit).toMatchObject({ origin: "snapshot", sha: run.headCommit });
    expect(commit?.message).toContain(`Coppice-Run: ${runId}`);
    const [snapshot] = await trial.database.db
      .select()
      .from(snapshots)
      .where(eq(snapshots.runId, runId));
    expect(snapshot?.sha).toBe(run.headCommit);
  });

  it("lists the command's own commits beside the snapshot, each with who made it", async () => {
    await trial.defineWorkflow("both", {
      command: "echo a > a; git add a; git commit -qm 'Add a'; echo b > b",
    });
    const runId = await start("both");
    await trial.waitForEnd(runId);
    expect((await commitsOf(runId)).map(({ origin }) => origin)).toEqual(["agent", "snapshot"]);
  });

  it("never calls a run without changes plain success", async () => {
    await trial.defineWorkflow("idle", { command: "true" });
    const run = await trial.waitForEnd(await start("idle"));
    expect(run).toMatchObject({ status: "succeeded", verdict: "nothing_produced" });
  });

  it("names a command that does not exist", async () => {
    await trial.defineWorkflow("missing", { command: "no-such-program-here" });
    const run = await trial.waitForEnd(await start("missing"));
    expect(run).toMatchObject({ status: "failed", endReason: "command_failed" });
    expect(run.error).toContain("not found");
  });

  it("stops a command at its time limit, with nothing of it alive", async () => {
    await trial.defineWorkflow("sleeper", { command: "echo $$ > pid; trap '' TERM; sleep 600" });
    const run = await trial.waitForEnd(await start("sleeper", { timeoutSeconds: 1 }));
    expect(run).toMatchObject({ status: "failed", endReason: "timed_out" });
    expect(existsSync(`/proc/${run.pid}`)).toBe(false);
  });
});

describe("cancelling", () => {
  it("ends a running command and its children, and says who asked", async () => {
    await trial.defineWorkflow("endless", {
      command: "trap '' TERM; echo up > up; setsid sleep 500 & sleep 500",
    });
    const runId = await start("endless");
    const running = await trial.waitFor(runId, ({ status }) => status === "running");
    await cancelRun(trial.context(), { runId });
    const run = await trial.waitForEnd(runId);
    expect(run).toMatchObject({ status: "cancelled", endReason: "cancelled_by_operator" });
    expect(existsSync(`/proc/${running.pid}`)).toBe(false);
    const last = (await trial.eventsOf(runId)).at(-1);
    expect(last?.actor).toBe("member:Tess");
  });

  it("refuses to cancel what has ended", async () => {
    const runId = await start("idle");
    await trial.waitForEnd(runId);
    await expect(cancelRun(trial.context(), { runId })).rejects.toThrow(/already ended/);
  });
});

describe("going on from a run", () => {
  it("continues a session in the same workspace, counting only its own commits", async () => {
    await trial.defineWorkflow("counter", {
      command: 'echo "$COPPICE_MESSAGE" >> log; git add log; git commit -qm "$COPPICE_MESSAGE"',
    });
    const first = await trial.waitForEnd(await start("counter", { message: "one" }));
    const next = await continueSession(trial.context(), {
      sessionId: first.sessionId,
      message: "two",
    });
    const second = await trial.waitForEnd(next.runId);
    expect(second).toMatchObject({
      status: "succeeded",
      sessionId: first.sessionId,
      workspacePath: first.workspacePath,
      agentSessionId: first.agentSessionId,
      baseCommit: first.headCommit,
      commits: 1,
    });
    expect(readFileSync(join(second.workspacePath ?? "", "log"), "utf8")).toBe("one\ntwo\n");
  });

  it("reruns from the same base in a new workspace and leaves the old run as it was", async () => {
    const first = await trial.waitForEnd(await start("counter", { message: "again" }));
    const { runId } = await rerunRun(trial.context(), { runId: first.id });
    const second = await trial.waitForEnd(runId);
    expect(second).toMatchObject({ rerunOf: first.id, baseCommit: first.baseCommit });
    expect(second.workspaceId).not.toBe(first.workspaceId);
    expect(second.sessionId).not.toBe(first.sessionId);
    expect(await trial.waitForEnd(first.id)).toEqual(first);
  });

  it("gives a persistent workspace to its sessions one after another, clean each time", async () => {
    await trial.defineWorkflow("keeper", {
      workspace: "persistent",
      command: "ls; test ! -e mine || exit 9; echo x > mine; mkdir -p node_modules; sleep 0.2",
    });
    const ids = await Promise.all([start("keeper"), start("keeper"), start("keeper")]);
    const ended = await Promise.all(ids.map((id) => trial.waitForEnd(id)));
    expect(ended.map(({ status }) => status)).toEqual(["succeeded", "succeeded", "succeeded"]);
    expect(new Set(ended.map(({ workspaceId }) => workspaceId)).size).toBe(1);
    const spans = ended
      .map(({ startedAt, endedAt }) => [startedAt?.getTime() ?? 0, endedAt?.getTime() ?? 0])
      .sort(([a = 0], [b = 0]) => a - b);
    for (const [index, [begin = 0]] of spans.entries()) {
      const [, endBefore = 0] = spans[index - 1] ?? [];
      expect(begin).toBeGreaterThanOrEqual(endBefore);
    }
    const kept = await Promise.all(ids.map(commitsOf));
    expect(kept.map((found) => found.map(({ origin }) => origin))).toEqual([
      ["snapshot"],
      ["snapshot"],
      ["snapshot"],
    ]);
  });
});

describe("output", () => {
  it("stores every byte of broken text, long lines and NUL, in order", async () => {
    await trial.defineWorkflow("bytes", {
      command:
        "head -c 3000000 /dev/zero; printf 'half \\360\\237'; sleep 0.2; printf '\\230\\200'; seq 1 20000; printf '\\000\\377end'",
    });
    const runId = await start("bytes");
    const run = await trial.waitForEnd(runId);
    expect(run).toMatchObject({ status: "succeeded", error: null });
    const [attempt] = await trial.database.db
      .select()
      .from(attempts)
      .where(eq(attempts.runId, runId));
    if (!attempt) throw new Error("no attempt");
    const stored = await trial.outputOf(attempt.id);
    const spool = readFileSync(join(attempt.controlPath, "output"));
    const sha = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
    expect(sha(stored)).toBe(sha(spool));
    expect(attempt.outputBytes).toBe(spool.length);
  });
});

it("records the workspace as ready and held by the run's session", async () => {
  const run = await trial.waitForEnd(await start("idle"));
  const [workspace] = await trial.database.db
    .select()
    .from(workspaces)
    .where(eq(workspaces.id, run.workspaceId));
  expect(workspace).toMatchObject({
    state: "ready",
    path: run.workspacePath,
    heldSessionId: run.sessionId,
    headCommit: run.headCommit,
  });
});

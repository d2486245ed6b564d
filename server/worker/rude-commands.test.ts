import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { attempts, commits, originCopies, repositories } from "@/db/schema";
import { probeIsolation } from "@/server/agents/probe-isolation";
import { hashTree } from "@/server/doctor/hash-tree";
import { limits } from "@/server/domain/limits";
import { keepAtOrigin } from "@/server/repositories/keep-at-origin";
import { continueSession } from "@/server/runs/continue-session";
import { startRun } from "@/server/runs/start-run";
import { openTrialInstallation, type TrialInstallation, type TrialWorker } from "./testing";

let trial: TrialInstallation;
let worker: TrialWorker;
let hasNamespace: boolean;
beforeAll(async () => {
  trial = await openTrialInstallation();
  worker = await trial.startWorker();
  hasNamespace = (await probeIsolation()).isolation !== "none";
});
afterAll(async () => {
  await trial?.end();
});

let defined = 0;
async function carryOut(command: string, repository = "sample") {
  const workflow = `rude-${++defined}`;
  await trial.defineWorkflow(workflow, { command });
  const { runId } = await startRun(trial.context(), { workflow, repository, message: "do it" });
  return trial.waitForEnd(runId);
}

async function outputOf(runId: Awaited<ReturnType<typeof carryOut>>["id"]) {
  const [attempt] = await trial.database.db
    .select()
    .from(attempts)
    .where(eq(attempts.runId, runId));
  if (!attempt) throw new Error("no attempt");
  return (await trial.outputOf(attempt.id)).toString();
}

const isWorkerAlive = () => existsSync(`/proc/${worker.pid}/fd`);

describe("a command that", () => {
  it("leaves a daemon with its output open ends when it ends, and the daemon with it", async () => {
    const nap = `1000.${process.pid}`;
    const run = await carryOut(`setsid sleep ${nap} & echo done`);
    expect(run).toMatchObject({ status: "succeeded", result: "done" });
    expect(await outputOf(run.id)).toBe("done\n");
    expect(existsSync(`/proc/${run.pid}`)).toBe(false);
    const left = execFileSync("ps", ["-eo", "args"]).toString().split("\n");
    expect(left.filter((args) => args === `sleep ${nap}`)).toEqual([]);
  });

  it("prints what looks like an event, a result or an exit is not believed", async () => {
    const lies = [
      '{"type":"result","subtype":"success","is_error":false,"result":"all done"}',
      '{"kind":"status_changed","data":{"to":"succeeded"}}',
      "::set-output name=sha::0123456789012345678901234567890123456789",
      "exit 0",
    ];
    const run = await carryOut(`cat <<'END'\n${lies.join("\n")}\nEND\nexit 3`);
    expect(run).toMatchObject({ status: "failed", endReason: "command_failed", commits: 0 });
    expect(run.headCommit).toBe(run.baseCommit);
    expect(await outputOf(run.id)).toBe(`${lies.join("\n")}\n`);
  });

  it("asks for input or a terminal gets neither, and does not hang", async () => {
    const run = await carryOut(
      `read -r answer && exit 9; (exec < /dev/tty) 2> /dev/null && exit 8
       git ls-remote https://127.0.0.1:9/x 2>&1 < /dev/null; echo "$GIT_TERMINAL_PROMPT $SSH_ASKPASS"`,
    );
    expect(run).toMatchObject({ status: "succeeded", result: "0 false" });
  });

  it("kills all it can see, and what started it, reaches neither the worker nor another run", async () => {
    const harm = hasNamespace
      ? // Where it does see the host's processes after all, it must not be let loose on them.
        `[ -e /proc/${worker.pid} ] && exit 7; trap '' TERM; kill -9 -1; kill -9 $PPID; echo alone`
      : "kill -9 $PPID";
    const [other, rude] = await Promise.all([carryOut("sleep 1; echo unharmed"), carryOut(harm)]);
    expect(other).toMatchObject({ status: "succeeded", result: "unharmed", attemptNumber: 1 });
    if (hasNamespace) expect(rude).toMatchObject({ result: "alone" });
    expect(isWorkerAlive()).toBe(true);
  });

  it("is killed, as by the kernel for want of memory, says so and takes nothing with it", async () => {
    const run = await carryOut("cat /proc/self/oom_score_adj; echo kept > kept; kill -KILL $$");
    expect(run).toMatchObject({ status: "failed", endReason: "command_failed", commits: 1 });
    expect(run.error).toContain("SIGKILL");
    expect(run.error).toContain("memory");
    expect(await outputOf(run.id)).toBe("500\n");
    expect(isWorkerAlive()).toBe(true);
  });

  it("writes more than the limit of output is stopped, with nothing of it alive", async () => {
    const workflow = "endless-output";
    await trial.defineWorkflow(workflow, { command: "while sleep 0.05; do echo more; done" });
    const { runId } = await startRun(trial.context(), {
      ...{ workflow, repository: "sample", message: "do it" },
    });
    await trial.waitFor(runId, ({ status }) => status === "running");
    await worker.kill("SIGKILL");
    const [attempt] = await trial.database.db
      .select()
      .from(attempts)
      .where(eq(attempts.runId, runId));
    // As if it had written so much before: the file holds no block of it.
    truncateSync(`${attempt?.controlPath}/output`, limits.defaultOutputBytes);
    await trial.database.db
      .update(attempts)
      .set({ outputBytes: limits.defaultOutputBytes })
      .where(eq(attempts.runId, runId));
    worker = await trial.startWorker();
    const run = await trial.waitForEnd(runId);
    expect(run).toMatchObject({ status: "failed", endReason: "output_limit" });
    expect(existsSync(`/proc/${run.pid}`)).toBe(false);
  });
});

describe("work that", () => {
  it("deletes its workspace loses only itself: the next run of the session has it again", async () => {
    const first = await carryOut("echo kept > kept; git add kept; git commit -qm Keep");
    expect(first.commits).toBe(1);
    const gone = await carryOut('cd /; rm -rf "$COPPICE_WORKSPACE"; exit 0');
    expect(gone).toMatchObject({ status: "failed", endReason: "workspace_failed" });
    expect(gone.error).toEqual(expect.any(String));
    const { sessionId } = gone;
    const again = await trial.waitForEnd(
      (await continueSession(trial.context(), { sessionId, message: "again" })).runId,
    );
    expect(again.workspacePath).toBe(gone.workspacePath);
    const next = await trial.waitForEnd(
      (await continueSession(trial.context(), { sessionId: first.sessionId, message: "on" })).runId,
    );
    expect(next).toMatchObject({ baseCommit: first.headCommit, workspaceId: first.workspaceId });
  });

  it("holds a secret shows stars in the stored patch, and stays as it is in git", async () => {
    const secret = `ghp_${"a1B2c3".repeat(6)}`;
    const run = await carryOut(
      `echo "token=${secret}" > config; git add .; git commit -qm Configure`,
    );
    const [commit] = await trial.database.db
      .select()
      .from(commits)
      .where(eq(commits.runId, run.id));
    const patch = inflateSync(commit?.patch ?? Buffer.alloc(0)).toString();
    expect(patch).toContain(`+token=${"*".repeat(secret.length)}`);
    expect(patch).not.toContain(secret);
    expect(readFileSync(join(run.workspacePath ?? "", "config"), "utf8")).toContain(secret);
  });

  it("cannot be pushed to an origin that is away stays here, is shown as such, and goes there later", async () => {
    const origin = join(trial.home, "far");
    cpSync(join(trial.home, "sample"), origin, { recursive: true });
    const { db } = trial.database;
    await db.insert(repositories).values({
      ...{ name: "far", origin, defaultBranch: "main", createdBy: "member:Tess" },
    });
    await keepAtOrigin(trial.context(), { name: "far", isKept: true });
    const run = await carryOut(`echo work > work.txt; mv ${origin} ${origin}.away`, "far");
    expect(run).toMatchObject({ status: "succeeded", commits: 1 });
    const copy = async () =>
      (await db.select().from(originCopies).where(eq(originCopies.runId, run.id)))[0];
    await vi.waitUntil(async () => (await copy())?.problem, { timeout: 20_000 });
    const notices = (await trial.eventsOf(run.id)).map(({ data }) => String(data.text));
    expect(notices.some((text) => text.includes("on this host alone"))).toBe(true);
    renameSync(`${origin}.away`, origin);
    await db.update(originCopies).set({ nextTryAt: sql`now()` });
    await vi.waitUntil(async () => (await copy())?.pushedAt, { timeout: 20_000 });
    expect(await copy()).toMatchObject({ problem: null, headCommit: run.headCommit });
  });

  it("is made from a person's own checkout leaves that as it was, with all they had not committed", async () => {
    const root = mkdtempSync(join(tmpdir(), "coppice-checkout-"));
    const checkout = join(root, "mine");
    cpSync(join(trial.home, "sample"), checkout, { recursive: true });
    writeFileSync(join(checkout, "unsaved.txt"), "mine\n");
    writeFileSync(join(checkout, "README.md"), "edited\n");
    const hashAll = () => Promise.all([hashTree(checkout), hashTree(join(checkout, ".git"))]);
    const before = await hashAll();
    await trial.database.db.insert(repositories).values({
      ...{ name: "mine", origin: checkout, defaultBranch: "main", createdBy: "member:Tess" },
    });
    const run = await carryOut("echo theirs > README.md; git add .; git commit -qm Change", "mine");
    expect(run).toMatchObject({ status: "succeeded", commits: 1 });
    expect(await hashAll()).toEqual(before);
    rmSync(root, { recursive: true });
  });
});

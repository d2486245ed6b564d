import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appendStdin, closeStdin, giveGo } from "./agent-stdin";
import { controlFiles } from "./control-folder";
import { findMarked, signalProcess, waitUntilDead } from "./end-agent";
import { identifyProcess, isAlive } from "./process-identity";
import { readControl, waitForReady } from "./read-control";
import { type KeeperOptions, startKeeper } from "./start-keeper";
import {
  makeTrialAttempt,
  noIsolation,
  readOutput,
  startTrial,
  type TrialAttempt,
  waitFor,
  waitForExit,
} from "./testing";

let attempt: TrialAttempt;
beforeEach(() => {
  attempt = makeTrialAttempt();
});
afterEach(async () => {
  const { keeper, agent } = readControl(attempt.control);
  if (agent && isAlive(agent)) signalProcess(agent.pid, "SIGKILL");
  if (keeper) await waitUntilDead([keeper], 5);
  rmSync(attempt.home, { recursive: true, force: true });
});

const isolation = noIsolation;
const bash = (command: string) => ["/bin/bash", "-c", command];
const ready = () => waitForReady(attempt.control, { timeoutSeconds: 10 });

async function runToEnd(command: string, streams: "shared" | "separate" = "shared") {
  await startTrial(attempt, { argv: bash(command), isolation, streams });
  await ready();
  await giveGo(attempt.control);
  return await waitForExit(attempt.control);
}

describe("keeper", () => {
  it("lets the agent run no instruction before go", async () => {
    expect(readControl(attempt.control).phase).toBe("absent");
    await startTrial(attempt, { argv: bash("touch began"), isolation });
    const state = await ready();
    expect(state).toMatchObject({ phase: "ready", exit: null });
    expect(state.agent && isAlive(state.agent)).toBe(true);
    expect(existsSync(join(attempt.workspace, "began"))).toBe(false);
    await giveGo(attempt.control);
    expect((await waitForExit(attempt.control)).exit).toMatchObject({ code: 0, signal: null });
    expect(existsSync(join(attempt.workspace, "began"))).toBe(true);
  });

  it("starts one agent only, however often it is started", async () => {
    const command = { argv: bash("echo once >> starts; sleep 0.2"), isolation };
    await Promise.all([1, 2, 3, 4, 5].map(() => startTrial(attempt, command)));
    await ready();
    await Promise.all([giveGo(attempt.control), giveGo(attempt.control)]);
    await startTrial(attempt, command);
    const { keeper, exit } = await waitForExit(attempt.control);
    await startTrial(attempt, command);
    expect(readControl(attempt.control)).toMatchObject({ keeper, exit: { code: 0 } });
    expect(exit?.code).toBe(0);
    expect(readOutput(attempt.control)).toBe("");
    expect(readFileSync(join(attempt.workspace, "starts"), "utf8")).toBe("once\n");
  });

  it.each([
    { command: "exit 3", exit: { code: 3, signal: null } },
    { command: "kill -KILL $$", exit: { code: null, signal: "SIGKILL" } },
    { command: "no-such-command", exit: { code: 127, signal: null } },
  ])("tells how “$command” ended", async ({ command, exit }) => {
    expect((await runToEnd(command)).exit).toMatchObject(exit);
  });

  it("keeps both streams in the order of writing, or apart", async () => {
    await runToEnd("echo a; echo b >&2; echo c");
    expect(readOutput(attempt.control)).toBe("a\nb\nc\n");
    attempt = makeTrialAttempt();
    await runToEnd("echo a; echo b >&2; echo c", "separate");
    expect(readOutput(attempt.control)).toBe("a\nc\n");
    expect(readOutput(attempt.control, controlFiles.stderr)).toBe("b\n");
  });

  it("gives the agent its own process group, the allow-listed environment and a higher OOM score", async () => {
    await runToEnd("env; cat /proc/self/oom_score_adj; readlink /proc/$$/fd/0; ps -o pgid= -p $$");
    const output = readOutput(attempt.control);
    const names = [...output.matchAll(/^([A-Za-z_]+)=/gm)].map((match) => match[1]);
    const own = ["PWD", "SHLVL", "_", "OLDPWD"];
    expect(names.filter((name) => !own.includes(name ?? "")).sort()).toEqual(
      Object.keys(attempt.environment).sort(),
    );
    expect(output).toContain("\n500\n");
    expect(output).toContain("/dev/null");
    const { agent } = readControl(attempt.control);
    expect(output.trim().split("\n").at(-1)?.trim()).toBe(String(agent?.pid));
  });

  it("does not make the agent's children deaf to SIGINT", async () => {
    const state = await runToEnd("bash -c 'kill -INT $$; echo deaf'; echo $?");
    expect(state.exit?.signal ?? "SIGINT").toBe("SIGINT");
    expect(readOutput(attempt.control)).not.toContain("deaf");
  });

  it("hands over stdin once, whole and in order, though messages are written twice", async () => {
    await startTrial(attempt, { argv: ["/bin/cat"], isolation, kind: "claude-code" });
    await ready();
    const first = `${"x".repeat(200_000)}\n`;
    await appendStdin(attempt.control, 0, first);
    await giveGo(attempt.control);
    await appendStdin(attempt.control, 0, first);
    expect(await appendStdin(attempt.control, first.length, "second\n")).toBe(true);
    await appendStdin(attempt.control, first.length, "second\n");
    await closeStdin(attempt.control);
    await closeStdin(attempt.control);
    expect((await waitForExit(attempt.control)).exit?.code).toBe(0);
    expect(readOutput(attempt.control)).toBe(`${first}second\n`);
    expect(await appendStdin(attempt.control, first.length + 7, "late\n")).toBe(false);
  });

  it("completes a message that a crash left half-written", async () => {
    await startTrial(attempt, { argv: ["/bin/cat"], isolation, kind: "claude-code" });
    await ready();
    await giveGo(attempt.control);
    writeFileSync(join(attempt.control, controlFiles.stdin), "hal");
    await appendStdin(attempt.control, 0, "half and half\n");
    await waitFor(attempt.control, () => readOutput(attempt.control).endsWith("\n"));
    await expect(appendStdin(attempt.control, 99, "x\n")).rejects.toThrow(/missing/);
    await closeStdin(attempt.control);
    await waitForExit(attempt.control);
    expect(readOutput(attempt.control)).toBe("half and half\n");
  });

  it("lets the agent go when the worker died between meaning it and saying it", async () => {
    const argv = bash("read -r word; echo $word > said");
    await startTrial(attempt, { argv, kind: "claude-code", isolation, patienceSeconds: 1 });
    await ready();
    writeFileSync(join(attempt.control, "stdin"), "hello\n");
    writeFileSync(join(attempt.control, "go"), "go\n");
    expect((await waitForExit(attempt.control)).exit?.code).toBe(0);
    expect(readFileSync(join(attempt.workspace, "said"), "utf8")).toBe("hello\n");
  });

  it("ends the waiting agent when go never comes", async () => {
    await startTrial(attempt, { argv: bash("touch began"), isolation, patienceSeconds: 1 });
    await ready();
    expect((await waitForExit(attempt.control)).exit?.signal).toBe("SIGKILL");
    expect(existsSync(join(attempt.workspace, "began"))).toBe(false);
  });

  it("ends the waiting agent with the keeper, before its first instruction", async () => {
    await startTrial(attempt, { argv: bash("touch began; sleep 60"), isolation });
    const { keeper, agent } = await ready();
    if (!keeper || !agent) throw new Error("The keeper did not say who they are.");
    signalProcess(-keeper.pid, "SIGKILL");
    expect(await waitUntilDead([keeper, agent], 10)).toBe(true);
    expect(existsSync(join(attempt.workspace, "began"))).toBe(false);
    expect(readControl(attempt.control).phase).toBe("lost");
  });

  it("is lost, and says so, when it is killed without an exit", async () => {
    await startTrial(attempt, { argv: bash("sleep 60"), isolation });
    const { keeper } = await ready();
    if (keeper) signalProcess(keeper.pid, "SIGKILL");
    await waitFor(attempt.control, () => readControl(attempt.control).phase === "lost");
    for (const pid of findMarked(attempt.mark, { keeper: null })) signalProcess(pid, "SIGKILL");
  });

  it("takes another process with the same pid for nobody", async () => {
    const self = identifyProcess(process.pid);
    expect(self && isAlive(self)).toBe(true);
    expect(self && isAlive({ ...self, startTime: self.startTime + 1 })).toBe(false);
    expect(self && isAlive({ ...self, bootId: "another boot" })).toBe(false);
  });

  it("takes no half-written line for an exit or a process", async () => {
    writeFileSync(join(attempt.control, controlFiles.exit), "1");
    writeFileSync(join(attempt.control, controlFiles.keeper), `${process.pid} 12`);
    expect(readControl(attempt.control)).toMatchObject({ phase: "absent", exit: null });
    writeFileSync(join(attempt.control, controlFiles.exit), "12\n");
    expect(readControl(attempt.control)).toMatchObject({ phase: "exited", exit: { code: 12 } });
    rmSync(join(attempt.control, controlFiles.keeper));
  });

  it("leaves no process of its own behind", async () => {
    const state = await runToEnd("true");
    if (state.keeper) await waitUntilDead([state.keeper], 5);
    const left = await waitFor(attempt.control, () => {
      return findMarked(attempt.mark, { keeper: null }).length === 0;
    });
    expect(left).toBe(true);
  });

  it("goes on when the worker that started it is killed, without a lost line", async () => {
    const start = resolve("server/agents/start-keeper.ts");
    const lines = "for i in $(seq 30); do echo line $i; sleep 0.02; done; echo done";
    const { argv } = await import("./sandbox").then(({ agentCommand }) =>
      agentCommand({
        argv: bash(lines),
        isolation,
        sandbox: "off",
        workspacePath: attempt.workspace,
        kind: "shell",
        homePath: attempt.homePath,
        temporaryPath: attempt.temporaryPath,
        mirrorObjectsPath: null,
      }),
    );
    const options = {
      controlPath: attempt.control,
      argv,
      environment: attempt.environment,
      streams: "shared",
    };
    const script = `import(${JSON.stringify(start)}).then(async ({ startKeeper }) => {
      await startKeeper(${JSON.stringify(options)}); console.log("up"); setInterval(() => {}, 1000); })`;
    const worker = spawn(process.execPath, ["--import", "tsx", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(worker.stdout, "data");
    await ready();
    await giveGo(attempt.control);
    await waitFor(attempt.control, () => readOutput(attempt.control).includes("line 5"));
    worker.kill("SIGKILL");
    expect((await waitForExit(attempt.control)).exit?.code).toBe(0);
    const output = readOutput(attempt.control);
    expect(output.trim().split("\n")).toHaveLength(31);
    expect(output).toMatch(/done\n$/);
  });

  it("keeps its folder to its user, and secrets out of the process list", async () => {
    const secret = "sk-ant-not-for-the-process-list";
    await startTrial(attempt, {
      argv: bash("sleep 60"),
      isolation,
      environment: { ANTHROPIC_API_KEY: secret },
    });
    await ready();
    const commands = execFileSync("ps", ["-eo", "args", "-ww"]).toString();
    expect(commands).toContain(join(attempt.control, "keeper.sh"));
    expect(commands).not.toContain(secret);
    expect(statSync(attempt.control).mode & 0o777).toBe(0o700);
  });

  it("reports that no process can be started", async () => {
    const options: Omit<KeeperOptions, "controlPath"> = {
      argv: ["x"],
      environment: {},
      streams: "shared",
    };
    writeFileSync(join(attempt.home, "file"), "");
    await expect(
      startKeeper({ ...options, controlPath: join(attempt.home, "file", "x") }),
    ).rejects.toThrow(/ENOTDIR/);
  });
});

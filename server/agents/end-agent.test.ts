import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { giveGo } from "./agent-stdin";
import { endAgent, findMarked, signalProcess, waitUntilDead } from "./end-agent";
import { hasCode } from "./has-code";
import { type IsolationFacts, probeIsolation, runProbes } from "./probe-isolation";
import { isAlive } from "./process-identity";
import { proveDead } from "./prove-dead";
import { readControl, waitForReady } from "./read-control";
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
let tag: string;
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  attempt = makeTrialAttempt();
  tag = `${process.pid}${Date.now()}`;
});
afterEach(() => {
  for (const { pid } of findRude()) signalProcess(pid, "SIGKILL");
  rmSync(attempt.home, { recursive: true, force: true });
});

/** Ignores TERM; leaves a child, a daemon, and a daemon whose environment was wiped. */
const rudeAgent = (mark: string) => `
trap '' TERM INT HUP
sleep 1${mark} &
setsid sleep 2${mark} </dev/null >/dev/null 2>&1 &
( setsid env -i /bin/sh -c '(sleep 3${mark} &) ; exit 0' </dev/null >/dev/null 2>&1 & )
while :; do sleep 0.05; echo ready; done`;

function findRude(): { pid: number; which: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const argv = readArguments(name);
      const which = argv[0] === "sleep" && argv[1]?.endsWith(tag) ? argv[1].slice(0, 1) : null;
      return which ? [{ pid: Number(name), which }] : [];
    });
}

function readArguments(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ESRCH")) return [];
    throw error;
  }
}

async function startRude(isolation: IsolationFacts, sandbox: "on" | "off") {
  const program = join(attempt.workspace, "rude");
  writeFileSync(program, rudeAgent(tag), { mode: 0o755 });
  const command = await startTrial(attempt, { argv: ["/bin/bash", program], isolation, sandbox });
  await waitForReady(attempt.control, { timeoutSeconds: 10 });
  await giveGo(attempt.control);
  await waitFor(attempt.control, () => {
    return readOutput(attempt.control).includes("ready") && findRude().length === 3;
  });
  return command;
}

/** What each kind of host offers; those that this one lacks are left out. */
async function isolationsHere() {
  const here = await probeIsolation();
  const withoutBubblewrap = await runProbes(onlyUnshare());
  return [
    { name: "bubblewrap", facts: here, sandbox: "on" as const, isHere: here.bubblewrap !== null },
    {
      name: "a pid namespace by bubblewrap",
      facts: here,
      sandbox: "off" as const,
      isHere: here.bubblewrap !== null,
    },
    {
      name: "a pid namespace by unshare",
      facts: withoutBubblewrap,
      sandbox: "off" as const,
      isHere: withoutBubblewrap.unshare !== null,
    },
  ].filter((kind) => kind.isHere);
}

/** A search path on which bubblewrap does not stand. */
function onlyUnshare(): string {
  const folder = mkdtempSync(join(tmpdir(), "coppice-path-"));
  folders.push(folder);
  symlinkSync("/usr/bin/unshare", join(folder, "unshare"));
  return folder;
}

describe("endAgent", () => {
  it("leaves no process of a rude agent alive, in whichever namespace this host can make", async () => {
    for (const { name, facts, sandbox } of await isolationsHere()) {
      const command = await startRude(facts, sandbox);
      expect(command.isolation, name).not.toBe("none");
      const ended = await endAgent({
        controlPath: attempt.control,
        mark: attempt.mark,
        graceSeconds: 0.1,
      });
      expect(ended.survivors, name).toEqual([]);
      expect(findRude(), name).toEqual([]);
      expect(ended.steps.map((step) => step.act)).toContain("SIGKILL to the pid namespace");
      const { exit } = await waitForExit(attempt.control);
      expect(exit, `${name} ${JSON.stringify(exit)}`).toMatchObject({
        code: null,
        signal: "SIGKILL",
      });
      rmSync(attempt.home, { recursive: true, force: true });
      attempt = makeTrialAttempt();
    }
  });

  it("without any namespace misses only the process that wiped its environment", async () => {
    await startRude(noIsolation, "off");
    const { survivors } = await endAgent({
      controlPath: attempt.control,
      mark: attempt.mark,
      graceSeconds: 0.1,
    });
    expect(survivors).toEqual([]);
    expect(findRude().map((process) => process.which)).toEqual(["3"]);
  });

  it("lets a polite agent end by itself", async () => {
    const polite = "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.02; done";
    await startTrial(attempt, {
      argv: ["/bin/bash", "-c", polite],
      isolation: await probeIsolation(),
    });
    await waitForReady(attempt.control, { timeoutSeconds: 10 });
    await giveGo(attempt.control);
    await waitFor(attempt.control, () => readOutput(attempt.control).includes("up"));
    await endAgent({ controlPath: attempt.control, mark: attempt.mark, graceSeconds: 10 });
    expect((await waitForExit(attempt.control)).exit).toMatchObject({ code: 0, signal: null });
    expect(readOutput(attempt.control)).toContain("bye");
  });

  it("spares the keeper, which tells how it ended", async () => {
    await startRude(noIsolation, "off");
    const { keeper } = readControl(attempt.control);
    expect(keeper && isAlive(keeper)).toBe(true);
    expect(findMarked(attempt.mark, { keeper })).not.toContain(keeper?.pid);
    expect(findMarked(attempt.mark, { keeper: null })).toContain(keeper?.pid);
    await endAgent({ controlPath: attempt.control, mark: attempt.mark, graceSeconds: 0 });
    expect((await waitForExit(attempt.control)).phase).toBe("exited");
  });

  it("ends an agent that its keeper is only just starting", async () => {
    const argv = ["/bin/bash", "-c", "sleep 60"];
    await startTrial(attempt, { argv, isolation: await probeIsolation() });
    await waitFor(attempt.control, () => readControl(attempt.control).phase !== "absent");
    await endAgent({ controlPath: attempt.control, mark: attempt.mark, graceSeconds: 0 });
    expect((await waitForExit(attempt.control)).exit?.signal).toBe("SIGKILL");
  });

  it("does not touch a process that has another attempt's mark", async () => {
    await startRude(noIsolation, "off");
    const other = { ...attempt.mark, attemptId: "another" };
    const control = join(attempt.home, "nothing-here");
    await endAgent({ controlPath: control, mark: other, graceSeconds: 0 });
    expect(findRude()).toHaveLength(3);
    await endAgent({ controlPath: attempt.control, mark: attempt.mark, graceSeconds: 0 });
  });
});

describe("proveDead", () => {
  it("ends an attempt whose keeper was killed, with the keeper's own helpers", async () => {
    await startRude(await probeIsolation(), "off");
    const { keeper } = readControl(attempt.control);
    if (!keeper) throw new Error("The keeper did not say who it is.");
    signalProcess(keeper.pid, "SIGKILL");
    await waitUntilDead([keeper], 5);
    const proof = await proveDead({ controlPath: attempt.control, mark: attempt.mark });
    expect(proof).toEqual({ isDead: true, survivors: [] });
    expect(findRude()).toEqual([]);
  });

  it("ends an attempt that still runs under its keeper", async () => {
    await startRude(await probeIsolation(), "off");
    const proof = await proveDead({ controlPath: attempt.control, mark: attempt.mark });
    expect(proof).toEqual({ isDead: true, survivors: [] });
    const { keeper } = readControl(attempt.control);
    expect(keeper && isAlive(keeper)).toBe(false);
  });

  it("finds nothing to do for an attempt that never began", async () => {
    const control = join(attempt.home, "never");
    const proof = await proveDead({ controlPath: control, mark: attempt.mark });
    expect(proof).toEqual({ isDead: true, survivors: [] });
  });
});

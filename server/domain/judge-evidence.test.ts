import { describe, expect, it } from "vitest";
import type { EvidenceFacts, ProcessLook } from "./evidence";
import { judgeEvidence, lookStaleSeconds } from "./judge-evidence";

const asOf = new Date("2026-11-22T12:00:00Z");
const ago = (seconds: number) => new Date(asOf.getTime() - seconds * 1000);

const look: ProcessLook = {
  lookedAt: ago(2),
  changedAt: ago(60),
  fence: 3,
  phase: "running",
  isDriven: true,
  keeperPid: 10,
  isKeeperAlive: true,
  pid: 11,
  isAgentAlive: true,
  isNamespaceAlive: true,
  leftOver: [],
  exit: null,
  spoolBytes: 100,
  spoolAt: ago(5),
  keeperBeatAt: ago(3),
};
const running: EvidenceFacts = {
  asOf,
  status: "running",
  statusSince: ago(90),
  endReason: null,
  moved: null,
  attempt: 1,
  fence: 3,
  worker: { name: "build-1", host: "alpha", state: "live", heartbeatAt: ago(1) },
  processes: look,
  output: { storedBytes: 100, hasTerminalEvent: false },
  exit: null,
  isolation: "bubblewrap",
  job: { id: "j", queue: "run/build-1", state: "active", heartbeatAt: ago(2) },
  wait: null,
  cancel: null,
  notProvedDead: [],
};
const seen = (change: Partial<ProcessLook>) => ({ ...running, processes: { ...look, ...change } });
const dead = { isAgentAlive: false, isNamespaceAlive: false } as const;

describe("the evidence of a running run", () => {
  it("agrees while its process was seen a moment ago", () => {
    expect(judgeEvidence(running)).toEqual({
      agreement: "agrees",
      sentence: "Its process 11 lived 2 s ago.",
    });
  });

  it("is stale, and claims nothing of now, once nobody has looked", () => {
    const silent = { ...running.worker, state: "stalled", heartbeatAt: ago(34) } as never;
    expect(judgeEvidence({ ...running, worker: silent })).toEqual({
      agreement: "stale",
      sentence:
        "Worker build-1 has not been heard of for 34 s; its agent lived 2 s ago and its keeper looks after it. Worker reconnecting.",
    });
    const old = judgeEvidence(seen({ lookedAt: ago(lookStaleSeconds + 1) }));
    expect(old).toMatchObject({ agreement: "stale", sentence: expect.stringContaining("16 s") });
    const fence = judgeEvidence(seen({ fence: 2 }));
    expect(fence).toMatchObject({ agreement: "stale", sentence: expect.stringContaining("again") });
  });

  it("disagrees when the process is gone for longer than an end takes", () => {
    const gone = judgeEvidence(seen({ ...dead, phase: "lost", changedAt: ago(20) }));
    expect(gone).toMatchObject({
      agreement: "disagrees",
      sentence: expect.stringContaining("gone"),
    });
    const exit = { code: 0, signal: null, at: ago(30) };
    const exited = judgeEvidence(seen({ ...dead, phase: "exited", exit, changedAt: ago(20) }));
    expect(exited).toEqual({
      agreement: "disagrees",
      sentence: "The run is shown as running, but its agent ended (exit 0) 30 s ago.",
    });
    const justNow = judgeEvidence(seen({ ...dead, phase: "exited", exit, changedAt: ago(1) }));
    expect(justNow.agreement).toBe("agrees");
  });

  it("disagrees when its worker lives and does not follow it", () => {
    expect(judgeEvidence(seen({ isDriven: false }))).toMatchObject({
      agreement: "disagrees",
      sentence: "Worker build-1 beats, but no part of it follows this run.",
    });
  });

  it("disagrees when a cancel has not ended it in time, and says how long it is being stopped before", () => {
    const asked = (seconds: number) => ({
      ...running,
      cancel: { askedAt: ago(seconds), askedBy: "member:Ada", asks: 1 },
    });
    expect(judgeEvidence(asked(4))).toEqual({
      agreement: "agrees",
      sentence: "It is being stopped, since 4 s.",
    });
    expect(judgeEvidence(asked(40))).toEqual({
      agreement: "disagrees",
      sentence: "Cancel was asked 40 s ago, and process 11 still lives.",
    });
  });

  it("disagrees when a lost host is said to hold it", () => {
    const lost = { ...running.worker, state: "lost" } as never;
    expect(judgeEvidence({ ...running, worker: lost }).agreement).toBe("disagrees");
  });
});

describe("the evidence of a run that waits", () => {
  const wait = {
    reason: "slot",
    availableAt: ago(9),
    worker: null,
    sentence: "It waits.",
  } as const;
  const queued: EvidenceFacts = {
    ...running,
    status: "queued",
    worker: null,
    processes: null,
    wait,
  };

  it("agrees while a job is in the queue, in the words of what it waits for", () => {
    const job = { id: "j", queue: "run", state: "created", heartbeatAt: null };
    expect(judgeEvidence({ ...queued, job })).toEqual({
      agreement: "agrees",
      sentence: "It waits.",
    });
  });

  it.each([null, "completed", "cancelled"])("disagrees when its job is %s", (state) => {
    const job = { id: "j", queue: "run", state, heartbeatAt: null };
    expect(judgeEvidence({ ...queued, job }).agreement).toBe("disagrees");
  });
});

describe("the evidence of a run that has ended", () => {
  const ended: EvidenceFacts = {
    ...running,
    status: "succeeded",
    statusSince: ago(10),
    endReason: "completed",
    processes: { ...look, ...dead, phase: "exited", isKeeperAlive: false },
    output: { storedBytes: 100, hasTerminalEvent: true },
    exit: { code: 0, signal: null, at: ago(11) },
  };

  it("agrees by the agent's word and its exit", () => {
    expect(judgeEvidence(ended)).toEqual({
      agreement: "agrees",
      sentence:
        "The agent said that it was done, and its process ended with 0; nothing of it is known to live.",
    });
    const never = { ...ended, exit: null, processes: null };
    expect(judgeEvidence(never).sentence).toContain("before an agent's process was let go");
  });

  it("disagrees when a process was seen alive after the end, and names it", () => {
    const alive = { ...ended, processes: { ...look, ...dead, leftOver: [77, 78] } };
    expect(judgeEvidence(alive)).toEqual({
      agreement: "disagrees",
      sentence:
        "The run has ended, but processes 77, 78 of it lived 2 s ago. End them on the worker's host.",
    });
  });

  it("says that a lost host's processes are not proved dead", () => {
    const notProvedDead = [
      { attempt: 1, worker: "build-1", host: "alpha", pid: 11, since: ago(99) },
    ];
    expect(judgeEvidence({ ...ended, processes: null, notProvedDead })).toEqual({
      agreement: "stale",
      sentence:
        "Attempt 1 ran on alpha, which was declared lost: whether its processes ended is not proved.",
    });
  });
});

import { describe, expect, it } from "vitest";
import { decideWorkerState, isPresent, workerAwaySeconds, workerBeatSeconds } from "./worker";

const now = new Date("2026-11-22T12:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const live = {
  heartbeatAt: ago(1),
  stoppedAt: null,
  drainAskedAt: null,
  lostAt: null,
  held: 0,
};

describe("the state of a worker", () => {
  it("is live while it beats, and stalled 15 s after the last beat", () => {
    expect(decideWorkerState(live, now)).toBe("live");
    expect(decideWorkerState({ ...live, heartbeatAt: ago(14.9) }, now)).toBe("live");
    expect(decideWorkerState({ ...live, heartbeatAt: ago(15) }, now)).toBe("stalled");
    expect(workerAwaySeconds).toBeLessThanOrEqual(15);
    expect(workerAwaySeconds / workerBeatSeconds).toBeGreaterThanOrEqual(3);
  });

  it("is draining until the last run has left it, then drained", () => {
    const drained = { ...live, drainAskedAt: ago(60) };
    expect(decideWorkerState({ ...drained, held: 2 }, now)).toBe("draining");
    expect(decideWorkerState(drained, now)).toBe("drained");
  });

  it("says first what weighs most: lost, then stopped, then silence", () => {
    const all = { heartbeatAt: ago(99), stoppedAt: ago(9), drainAskedAt: ago(8), held: 1 };
    expect(decideWorkerState({ ...all, lostAt: ago(7) }, now)).toBe("lost");
    expect(decideWorkerState({ ...all, lostAt: null }, now)).toBe("stopped");
    expect(decideWorkerState({ ...all, lostAt: null, stoppedAt: null }, now)).toBe("stalled");
  });

  it("is present while its process answers, whether or not it takes runs", () => {
    const states = ["live", "draining", "drained", "stalled", "stopped", "lost"] as const;
    expect(states.filter(isPresent)).toEqual(["live", "draining", "drained"]);
  });
});

import { expect, it } from "vitest";
import { identifyProcess } from "@/server/agents/process-identity";
import { measureElapsed } from "./measure-elapsed";

const hourMs = 3600 * 1000;
const self = identifyProcess(process.pid);
if (!self) throw new Error("this process is not to be found");
const agentStartedAt = new Date();
const attempt = {
  agentStartedAt,
  processStartTime: String(self.startTime),
  bootId: self.bootId,
};
const after = (ms: number) => new Date(agentStartedAt.getTime() + ms);

it("counts from when the agent was let go", () => {
  expect(measureElapsed(attempt, after(1))).toBe(1);
});

it("adds no hour to a run when the clock is set an hour forward, and takes none when set back", () => {
  const forward = measureElapsed(attempt, after(hourMs));
  expect(forward).toBeLessThan((process.uptime() + 60) * 1000);
  expect(forward).toBeGreaterThanOrEqual(0);
  expect(measureElapsed(attempt, after(-hourMs))).toBe(0);
});

it("goes by the clock where the process says nothing of it, as after a reboot", () => {
  for (const unknown of [{ bootId: "another" }, { bootId: null }, { processStartTime: null }]) {
    expect(measureElapsed({ ...attempt, ...unknown }, after(hourMs))).toBe(hourMs);
  }
});

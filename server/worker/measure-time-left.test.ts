import { expect, it } from "vitest";
import { identifyProcess } from "@/server/agents/process-identity";
import { measureTimeLeft } from "./measure-time-left";

const hourMs = 3600 * 1000;
const self = identifyProcess(process.pid);
if (!self) throw new Error("this process is not to be found");
const agentStartedAt = new Date();
const attempt = {
  agentStartedAt,
  processStartTime: String(self.startTime),
  bootId: self.bootId,
};
const run = { timeoutSeconds: 2 * 3600 };
const after = (ms: number) => new Date(agentStartedAt.getTime() + ms);

it("counts from when the agent was let go", () => {
  expect(measureTimeLeft({ run, attempt }, after(1))).toBe(2 * hourMs - 1);
});

it("takes no hour from a run when the clock is set an hour forward, and gives none when set back", () => {
  const forward = measureTimeLeft({ run, attempt }, after(hourMs));
  expect(forward).toBeGreaterThan(2 * hourMs - (process.uptime() + 60) * 1000);
  expect(forward).toBeLessThanOrEqual(2 * hourMs);
  expect(measureTimeLeft({ run, attempt }, after(-hourMs))).toBe(2 * hourMs);
});

it("goes by the clock where the process says nothing of it, as after a reboot", () => {
  for (const unknown of [{ bootId: "another" }, { bootId: null }, { processStartTime: null }]) {
    const left = measureTimeLeft({ run, attempt: { ...attempt, ...unknown } }, after(hourMs));
    expect(left).toBe(hourMs);
  }
});

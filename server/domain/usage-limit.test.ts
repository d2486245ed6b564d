import { describe, expect, it } from "vitest";
import { readResetTime } from "./read-reset-time";
import { decideAfterUsageLimit, spendsRetry } from "./retry-policy";
import { decideUsageWait, goOnAfterUsageLimit, maxUsageWaitsPerDay } from "./usage-limit";

const now = new Date("2026-01-28T20:00:00Z");
const minute = 60_000;
const hour = 60 * minute;
const later = (ms: number) => new Date(now.getTime() + ms);
const wait = (resetsAt: Date | null, waits = 0, runNumber = 30) =>
  decideUsageWait(resetsAt, { waits, runNumber, now });

describe("a run that met its provider's usage limit", () => {
  it("waits until a little after the time that was told", () => {
    expect(wait(later(3 * hour))).toEqual(later(3 * hour + 15_000));
  });

  it("waits longer each time when no time was told, or one that is over", () => {
    const minutes = [0, 1, 2, 3, 4, 5, 6].map(
      (waits) => ((wait(null, waits)?.getTime() ?? 0) - now.getTime()) / minute,
    );
    expect(minutes).toEqual([15, 30, 60, 120, 240, 300, 300]);
    expect(wait(later(-hour), 2)).toEqual(wait(null, 2));
  });

  it("does not wait for ever: neither for a far time nor too often", () => {
    expect(wait(later(999 * 24 * hour))).toEqual(later(8 * 24 * hour + 15_000));
    expect(wait(later(hour), maxUsageWaitsPerDay - 1)).not.toBeNull();
    expect(wait(later(hour), maxUsageWaitsPerDay)).toBeNull();
  });

  it("begins again a moment before or after others that waited with it", () => {
    const times = new Set([41, 42, 43].map((number) => wait(later(hour), 0, number)?.getTime()));
    expect(times.size).toBe(3);
  });

  it("spends no retry, and ends when it has waited often enough", () => {
    expect([spendsRetry("usage_limit"), spendsRetry("worker_lost")]).toEqual([false, true]);
    const facts = { runNumber: 30, now };
    expect(decideAfterUsageLimit(later(hour), { ...facts, waits: 0 })).toEqual({
      ...{ next: "attempt", availableAt: later(hour + 15_000) },
      ...{ waitReason: "usage_limit", reason: "usage_limit" },
    });
    const spent = decideAfterUsageLimit(later(hour), { ...facts, waits: maxUsageWaitsPerDay });
    expect(spent).toEqual({ next: "end", reason: "usage_limit" });
  });

  it("is told once to go on, with its request, however often it is stopped", () => {
    const told = goOnAfterUsageLimit("Mend the test.");
    expect(told).toMatch(/go on where you stopped.*Mend the test\.$/is);
    expect(goOnAfterUsageLimit(told)).toBe(told);
  });
});

describe("the reset time in an agent's words", () => {
  it.each<[string, string | null]>([
    ["Claude AI usage limit reached|1762952400", "2025-11-12T13:00:00Z"],
    ["You've hit your 5-hour limit · resets 9:24pm (UTC)", "2026-01-28T21:24:00Z"],
    ["You've hit your limit · resets 10pm (America/New_York)", "2026-01-29T03:00:00Z"],
    ["You've hit your limit · resets 2pm (Asia/Shanghai)", "2026-01-29T06:00:00Z"],
    ["You've hit your limit · resets Jan 30, 11:30am (Asia/Calcutta)", "2026-01-30T06:00:00Z"],
    [
      "Claude usage limit reached. Your limit will reset at 5pm (Europe/Warsaw).",
      "2026-01-29T16:00:00Z",
    ],
    ["resets Jul 2, 12am (Europe/Berlin)", "2026-07-01T22:00:00Z"],
    [
      "You've hit your usage limit. Upgrade to Pro (https://openai.com/chatgpt/pricing) or try again in 5 days 22 hours 11 minutes.",
      "2026-02-03T18:11:00Z",
    ],
    ["Rate limit reached for gpt-5.5. Please try again in 1.2s.", "2026-01-28T20:00:01.200Z"],
    ["Please retry after 30 seconds", "2026-01-28T20:00:30Z"],
    ["API Error: Request rejected (429) · Please try again later.", null],
    ["You've hit your limit · resets 9am (Middle/Earth)", null],
    ["The tests reset 3 tables and I will try again in the next turn", null],
    ["", null],
  ])("%j is %s", (words, expected) => {
    const found = readResetTime(words, now);
    expect(found).toEqual(expected === null ? null : new Date(expected));
  });

  it("without a date or zone is the next such time on this host's clock", () => {
    const found = readResetTime("You've hit your usage limit. … try again at 7:58 PM.", now);
    expect(found && [found.getHours(), found.getMinutes()]).toEqual([19, 58]);
    expect(found?.getTime()).toBeGreaterThan(now.getTime());
    expect(found?.getTime()).toBeLessThanOrEqual(now.getTime() + 25 * hour);
  });
});

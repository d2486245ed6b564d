import { expect, it } from "vitest";
import { runIdSchema } from "@/server/domain/ids";
import type { HeldJob } from "@/server/jobs/held-job";
import { createSleeper } from "@/server/jobs/sleeper";
import { type Allowance, openSlots } from "./slots";

const job = (): HeldJob => ({
  id: crypto.randomUUID(),
  queue: "run",
  retryCount: 0,
  runId: runIdSchema.parse(crypto.randomUUID()),
});

/** Slots over a queue in memory; each job is carried until it is let go. */
function openTrial(allowance: Allowance, jobs: number) {
  const queue = Array.from({ length: jobs }, job);
  const carried = new Map<string, () => void>();
  const asked: boolean[] = [];
  let wake = () => {};
  const slots = openSlots({
    allowance,
    fetch: async (isNewWelcome) => {
      asked.push(isNewWelcome);
      return queue.shift() ?? null;
    },
    carry: (held) =>
      new Promise((resolve) => {
        carried.set(held.id, () => {
          carried.delete(held.id);
          resolve();
          wake();
        });
        wake();
      }),
    followed: () => carried.size,
    sleeper: createSleeper(),
    log: () => {},
  });
  const until = async (isSo: () => boolean) => {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        setImmediate(resolve);
      });
    }
  };
  const letGo = (count: number) => {
    for (const end of [...carried.values()].slice(0, count)) end();
  };
  return { slots, queue, carried, asked, until, letGo };
}

const free: Allowance = { capacity: 2, isTaking: true, held: 0 };

it("carries as many runs at once as it is allowed, and more once it is allowed more", async () => {
  const trial = openTrial(free, 6);
  await trial.until(() => trial.carried.size === 2);
  trial.slots.allow({ ...free, capacity: 4, held: 2 });
  await trial.until(() => trial.carried.size === 4);
  expect(trial.queue).toHaveLength(2);
  trial.letGo(6);
  await trial.until(() => trial.carried.size === 2);
  trial.letGo(2);
  await trial.slots.stop();
});

it("begins nothing new beyond a smaller number, and ends nothing", async () => {
  const trial = openTrial({ ...free, capacity: 3 }, 5);
  await trial.until(() => trial.carried.size === 3);
  trial.slots.allow({ ...free, capacity: 1, held: 3 });
  expect(trial.slots.findRefusal()).toBe("slot");
  trial.letGo(2);
  trial.slots.allow({ ...free, capacity: 1, held: 1 });
  await trial.until(() => trial.slots.findRefusal() === null);
  expect(trial.carried.size).toBe(1);
  expect(trial.queue).toHaveLength(2);
  trial.letGo(1);
  await trial.until(() => trial.queue.length === 1 && trial.carried.size === 1);
  const stopped = trial.slots.stop();
  trial.letGo(1);
  await stopped;
});

it("takes nothing while it is drained, but for a held run that nobody follows", async () => {
  const trial = openTrial({ ...free, isTaking: false }, 1);
  expect(trial.slots.findRefusal()).toBe("worker_drained");
  trial.slots.allow({ ...free, isTaking: false, held: 1 });
  await trial.until(() => trial.carried.size === 1);
  expect(trial.asked).toEqual([false]);
  trial.letGo(1);
  await trial.slots.stop();
});

it("follows all that a predecessor held, whatever the number of slots", async () => {
  const trial = openTrial({ ...free, held: 5 }, 5);
  await trial.until(() => trial.carried.size === 5);
  trial.letGo(5);
  await trial.slots.stop();
});

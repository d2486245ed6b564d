import type { HeldJob } from "./held-job";
import type { Sleeper } from "./sleeper";

export interface SlotLoop {
  fetch: () => Promise<HeldJob | null>;
  /** Carries one job to its end; its errors are its own to record. */
  carry: (job: HeldJob) => Promise<void>;
  sleeper: Sleeper;
  isStopping: () => boolean;
  log: (message: string) => void;
}

const idlePollMs = 2_000;
const errorPauseMs = 500;

/** One slot: fetches the next job at once when it is free, and sleeps while there is none. */
export async function runSlot(loop: SlotLoop): Promise<void> {
  while (!loop.isStopping()) {
    try {
      const job = await loop.fetch();
      if (!job) {
        await loop.sleeper.sleep(idlePollMs);
        continue;
      }
      // Where one job was there may be more: the next slot looks, while this one is busy.
      loop.sleeper.wakeOne();
      await loop.carry(job);
    } catch (error) {
      loop.log(`slot: ${error instanceof Error ? error.message : String(error)}`);
      await loop.sleeper.sleep(errorPauseMs);
    }
  }
}

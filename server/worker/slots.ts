import type { WaitReason } from "@/server/domain/run";
import type { HeldJob } from "@/server/jobs/held-job";
import type { Sleeper } from "@/server/jobs/sleeper";
import { runSlot } from "@/server/jobs/slot-loop";

/** How many runs a worker may carry now. */
export interface Allowance {
  /** Runs at once. */
  capacity: number;
  /** False: drained or lost. It takes no new run. */
  isTaking: boolean;
  /** Runs that it holds, whoever follows them: as many may be followed whatever the capacity is. */
  held: number;
}

/** A worker's slots, whose number may change while it works. */
export interface Slots {
  allow(allowance: Allowance): void;
  /** Why a busy slot may not begin with a run that nobody holds yet; null when it may. */
  findRefusal(): WaitReason | null;
  /** Ends every slot when what it carries is done. */
  stop(): Promise<void>;
}

export interface OpenSlots {
  allowance: Allowance;
  /** Told whether runs that nobody holds are welcome too. */
  fetch: (isNewWelcome: boolean) => Promise<HeldJob | null>;
  carry: (job: HeldJob) => Promise<void>;
  /** How many runs this process follows. */
  followed: () => number;
  sleeper: Sleeper;
  log: (message: string) => void;
}

/** Starts the slots; a job is fetched only while there is room, or a held run that nobody follows. */
export function openSlots(options: OpenSlots): Slots {
  const { sleeper, log, followed } = options;
  const loops = new Map<number, Promise<void>>();
  let allowance = options.allowance;
  let isStopping = false;
  let busy = 0;

  const wanted = () => Math.max(allowance.capacity, allowance.held);
  const hasRoom = () => allowance.isTaking && busy < allowance.capacity;
  const hasOrphan = () => allowance.held > followed();

  async function fetchIfRoom(): Promise<HeldJob | null> {
    const isNewWelcome = hasRoom();
    if (!isNewWelcome && !hasOrphan()) return null;
    busy += 1;
    let job: HeldJob | null = null;
    try {
      job = await options.fetch(isNewWelcome);
      return job;
    } finally {
      if (!job) busy -= 1;
    }
  }

  async function carry(job: HeldJob): Promise<void> {
    try {
      await options.carry(job);
    } finally {
      busy -= 1;
    }
  }

  function startLoops(): void {
    for (let index = 0; index < wanted(); index++) {
      if (loops.has(index)) continue;
      const loop = runSlot({
        fetch: fetchIfRoom,
        carry,
        sleeper,
        isStopping: () => isStopping || index >= wanted(),
        log,
      });
      loops.set(index, loop);
      void loop.then(() => {
        loops.delete(index);
        // It ended because there were too many; one more may be wanted by now.
        if (!isStopping && index < wanted()) startLoops();
      });
    }
  }

  startLoops();
  return {
    allow: (next) => {
      const { capacity, isTaking } = allowance;
      const isSame = capacity === next.capacity && isTaking === next.isTaking;
      allowance = next;
      if (isStopping || (isSame && !hasOrphan())) return;
      startLoops();
      sleeper.wakeAll();
    },
    findRefusal: () => {
      if (!allowance.isTaking) return "worker_drained";
      return busy > allowance.capacity ? "slot" : null;
    },
    stop: async () => {
      isStopping = true;
      sleeper.wakeAll();
      await Promise.all(loops.values());
    },
  };
}

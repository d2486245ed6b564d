import { workerBeatSeconds } from "@/server/domain/worker";
import type { DrivenRuns } from "./hold-run";
import type { OpenedWorker } from "./open-worker";
import { beatWorker, type WorkerWishes } from "./register-worker";
import { type Repetition, repeat } from "./repeat";
import { settleLostHost } from "./settle-lost-host";
import type { Allowance, Slots } from "./slots";

const settleMs = 30_000;

export interface RepeatBeat {
  opened: OpenedWorker;
  driven: DrivenRuns;
  slots: Slots;
  /** How many slots the worker was started with. */
  slotCount: number;
  reportId: string;
}

/**
 * Says every few seconds that the worker lives, and does what was decided about it meanwhile: more or
 * fewer slots, a drain, and the return from having been declared lost.
 */
export function repeatBeat({ opened, driven, slots, slotCount, reportId }: RepeatBeat): {
  beat: Repetition;
  settle: Repetition;
} {
  const { context, facts } = opened;
  let isLost = false;
  const settle = repeat("lost host", settleMs, context.log, async () => {
    if (!isLost) return;
    for (const run of driven.values()) run.end("superseded");
    if (driven.size > 0) return;
    if (await settleLostHost(context, reportId)) beat.now();
  });
  const beat = repeat("heartbeat", workerBeatSeconds * 1000, context.log, async () => {
    const wishes = await beatWorker(context.db, context.worker.id, facts.current);
    isLost = wishes.isLost;
    slots.allow(allowanceOf(wishes, slotCount));
    if (isLost) settle.now();
  });
  beat.now();
  return { beat, settle };
}

/** What a worker may carry, as it was decided. */
export function allowanceOf(wishes: WorkerWishes, slotCount: number): Allowance {
  return {
    capacity: wishes.capacity ?? slotCount,
    isTaking: !wishes.isDrained && !wishes.isLost,
    held: wishes.isLost ? 0 : wishes.held,
  };
}

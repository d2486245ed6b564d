import { describeError } from "@/server/domain/errors";

export interface Repetition {
  /** Does it at once, or again right after the turn that is under way. */
  now(): void;
  /** Ends the repetition; resolves when the turn under way is over. */
  stop(): Promise<void>;
}

/** Does something every so often, one turn at a time; an error is logged and the next turn tries again. */
export function repeat(
  what: string,
  everyMs: number,
  log: (message: string) => void,
  turn: () => Promise<unknown>,
): Repetition {
  let isDue = false;
  let isStopped = false;
  let current: Promise<void> | null = null;

  async function run(): Promise<void> {
    do {
      isDue = false;
      try {
        await turn();
      } catch (error) {
        if (!isStopped) log(`${what}: ${describeError(error)}`);
      }
    } while (isDue && !isStopped);
    current = null;
  }

  function now(): void {
    if (isStopped) return;
    isDue = true;
    current ??= run();
  }

  const timer = setInterval(now, everyMs);
  return {
    now,
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await current;
    },
  };
}

/** Lets loops sleep until a time has passed or somebody wakes them. */
export interface Sleeper {
  sleep(ms: number): Promise<void>;
  /** Wakes one sleeper; where none sleeps, the next one to lie down gets up at once. */
  wakeOne(): void;
  wakeAll(): void;
}

export function createSleeper(): Sleeper {
  const sleepers = new Set<() => void>();
  let isMissed = false;
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        if (isMissed) {
          isMissed = false;
          resolve();
          return;
        }
        const wake = () => {
          clearTimeout(timer);
          sleepers.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        sleepers.add(wake);
      }),
    wakeOne: () => {
      const [first] = sleepers;
      if (first) first();
      else isMissed = true;
    },
    wakeAll: () => {
      for (const wake of [...sleepers]) wake();
    },
  };
}

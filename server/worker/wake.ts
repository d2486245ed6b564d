/** Something that can be waited for: fires are remembered until the next wait. */
export interface Wake {
  fire(): void;
  /** Resolves at the next fire (at once if one came since the last wait), or after `ms`. */
  wait(ms: number): Promise<void>;
}

export function createWake(): Wake {
  let isFired = false;
  let resume: (() => void) | null = null;
  return {
    fire() {
      isFired = true;
      resume?.();
    },
    wait(ms) {
      if (isFired) {
        isFired = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const timer = setTimeout(end, ms);
        function end() {
          clearTimeout(timer);
          resume = null;
          isFired = false;
          resolve();
        }
        resume = end;
      });
    },
  };
}

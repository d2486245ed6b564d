"use client";
import { useCallback, useRef } from "react";

/**
 * One read at a time. `waits`: it is done after the one under way; otherwise it is left out then,
 * since the next scroll asks for it again.
 */
export function useReadQueue(onDone: () => void, onFailure: (error: unknown) => void) {
  const last = useRef(Promise.resolve());
  const isBusy = useRef(false);
  return useCallback(
    (waits: boolean, work: () => Promise<void>): Promise<void> => {
      if (isBusy.current && !waits) return last.current;
      isBusy.current = true;
      const own = last.current.then(work).then(onDone, onFailure);
      last.current = own;
      void own.then(() => {
        if (last.current === own) isBusy.current = false;
      });
      return own;
    },
    [onDone, onFailure],
  );
}

import type { Live } from "./live";

const gatherMs = 300;

/**
 * Calls `refresh` with the runs that events have woken, a burst at a time, and with `"all"` after a
 * break of the stream or a return to the tab.
 */
export function gatherWakes(live: Live, refresh: (runIds: Set<string> | "all") => void) {
  let gathered = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasLive = live.connection() === "live";

  const flush = () => {
    timer = undefined;
    const runIds = gathered;
    gathered = new Set();
    if (runIds.size > 0) refresh(runIds);
  };
  const schedule = () => {
    if (!document.hidden) timer ??= setTimeout(flush, gatherMs);
  };
  const stopWakes = live.onWakes((wakes) => {
    for (const wake of wakes) if (wake.kind === "event") gathered.add(wake.runId);
    if (gathered.size > 0) schedule();
  });
  const stopConnection = live.onConnection(() => {
    const isLive = live.connection() === "live";
    if (isLive && wasLive) refresh("all");
    wasLive ||= isLive;
  });
  document.addEventListener("visibilitychange", schedule);
  return () => {
    clearTimeout(timer);
    stopWakes();
    stopConnection();
    document.removeEventListener("visibilitychange", schedule);
  };
}

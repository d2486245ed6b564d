import { watch } from "node:fs";
import { hasCode } from "./has-code";

/**
 * Calls `onChange` soon after anything in the control folder changed, and every second besides,
 * because a notification can be lost. Calls are joined: one per turn of the event loop at most.
 */
export function watchSpool(controlPath: string, onChange: () => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  let isDue = false;
  const call = () => {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      if (!signal.aborted) onChange();
    });
  };
  const poll = setInterval(call, 1000);
  const stopWatching = watchFolder(controlPath, call);
  signal.addEventListener("abort", () => {
    clearInterval(poll);
    stopWatching();
  });
}

/** Where the host has no watch left, or the folder is gone, the poll alone goes on. */
function watchFolder(controlPath: string, call: () => void): () => void {
  try {
    const watcher = watch(controlPath, { persistent: false }, call);
    watcher.on("error", () => watcher.close());
    return () => watcher.close();
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOSPC", "EMFILE")) return () => undefined;
    throw error;
  }
}

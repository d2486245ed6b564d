import { readFileSync } from "node:fs";

/**
 * Begins to watch how often somebody on this machine waits for a processor; the answer tells the share
 * of the time in which somebody did since. Null where the kernel does not count it.
 */
export function watchPressure(): () => number | null {
  const before = readWaitedMs();
  const startedAt = performance.now();
  return () => {
    const after = readWaitedMs();
    if (before === null || after === null) return null;
    return (after - before) / (performance.now() - startedAt);
  };
}

function readWaitedMs(): number | null {
  try {
    const text = readFileSync("/proc/pressure/cpu", "utf8");
    const microseconds = /^some .*total=(\d+)/m.exec(text)?.[1];
    return microseconds === undefined ? null : Number(microseconds) / 1000;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EOPNOTSUPP") return null;
    throw error;
  }
}

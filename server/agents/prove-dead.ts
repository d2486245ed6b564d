import { type AttemptMark, endAgent, findMarked, signalProcess, waitUntilDead } from "./end-agent";
import { isAlive } from "./process-identity";
import { readControl } from "./read-control";

/**
 * Ends whatever is left of an earlier attempt, its keeper too, and answers who is still alive:
 * nobody, if the next attempt may start. Without a pid namespace only the sweep vouches for it.
 */
export async function proveDead(options: {
  controlPath: string;
  mark: AttemptMark;
}): Promise<{ isDead: boolean; survivors: number[] }> {
  await endAgent({ ...options, graceSeconds: 0 });
  const { keeper } = readControl(options.controlPath);
  // The keeper ends by itself once it has written the exit.
  if (keeper && !(await waitUntilDead([keeper], 2)) && isAlive(keeper)) {
    signalProcess(-keeper.pid, "SIGKILL");
    await waitUntilDead([keeper], 2);
  }
  const { survivors } = await endAgent({ ...options, graceSeconds: 0 });
  const left = [...new Set([...survivors, ...findMarked(options.mark, { keeper: null })])];
  return { isDead: left.length === 0, survivors: left };
}

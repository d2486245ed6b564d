import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import type { Contender } from "./contender";

export interface Recovery {
  agents: number;
  /** From SIGKILL of the worker until its successor has all its agents in hand. */
  heldAgainMs: number;
}

/** Kills the worker under living agents, and waits for the one that is started in its place. */
export async function measureRecovery(
  coppice: Contender,
  input: { folder: string; databaseUrl: string; agents: number },
): Promise<Recovery> {
  const { agents } = input;
  const stop = path.join(input.folder, "recovery.stop");
  const command = `while [ ! -e ${stop} ]; do sleep 0.1; done`;
  const client = new Client({ connectionString: input.databaseUrl });
  await client.connect();
  const countHeld = async (leastFence: number) => {
    const { rows } = await client.query<{ held: string }>(
      "select count(*) as held from runs where status = 'running' and fence >= $1",
      [leastFence],
    );
    return Number(rows[0]?.held);
  };
  try {
    const started = await Promise.all(
      Array.from({ length: agents }, () => coppice.trigger(command)),
    );
    while ((await countHeld(1)) < agents) await delay(20);
    const killedAt = performance.now();
    process.kill(coppice.processes.worker, "SIGKILL");
    while ((await countHeld(2)) < agents) await delay(5);
    const heldAgainMs = performance.now() - killedAt;
    writeFileSync(stop, "");
    await Promise.all(started.map(({ endedAtMs }) => endedAtMs));
    return { agents, heldAgainMs };
  } finally {
    await client.end();
  }
}

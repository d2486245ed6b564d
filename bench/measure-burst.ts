import type { Contender } from "./contender";

const clients = 4;

/** Many trivial runs at once, sent by four clients: how many are carried out in a minute. */
export async function measureBurst(contender: Contender, runs: number): Promise<number> {
  const startedAt = performance.now();
  const ends: Promise<number>[] = [];
  let sent = 0;
  const send = async () => {
    while (sent < runs) {
      sent += 1;
      ends.push((await contender.trigger("true")).endedAtMs);
    }
  };
  await Promise.all(Array.from({ length: clients }, send));
  await Promise.all(ends);
  return (runs * 60_000) / (performance.now() - startedAt);
}

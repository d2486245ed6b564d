import { checkHost } from "@/server/doctor/check-host";
import type { WorkerContext } from "./context";
import { type Repetition, repeat } from "./repeat";

const everyMs = 5 * 60 * 1000;

/** Compares this host with the database at the worker's start and every five minutes; new finds are logged once. */
export function repeatDoctor(context: WorkerContext): Repetition {
  let known = new Set<string>();
  const repetition = repeat("doctor", everyMs, context.log, async () => {
    const { differences } = await checkHost(context);
    for (const { key, severity, title } of differences) {
      if (!known.has(key)) context.log(`doctor: ${severity}: ${title}`);
    }
    known = new Set(differences.map(({ key }) => key));
  });
  repetition.now();
  return repetition;
}

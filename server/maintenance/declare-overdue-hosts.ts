import { and, isNull, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { installation, workers } from "@/db/schema";
import { DomainError } from "@/server/domain/errors";
import { declareHostLost } from "@/server/workers/declare-host-lost";

/**
 * Declares those hosts lost that were silent for as long as the team allows, if it does. Only silence
 * that the caller itself has watched counts: after an outage of everything all look silent at first. A
 * worker that was stopped on purpose is not silent.
 * @returns the names of the workers declared lost.
 */
export async function declareOverdueHosts(context: {
  db: Database;
  /** Since when the caller has watched without a break. */
  watchedSince: Date;
  now: Date;
}): Promise<string[]> {
  const { db, watchedSince, now } = context;
  const [setting] = await db
    .select({ minutes: installation.hostLostAfterMinutes })
    .from(installation);
  const minutes = setting?.minutes;
  if (!minutes) return [];
  const silent = await db
    .select({ name: workers.name })
    .from(workers)
    .where(
      and(
        isNull(workers.lostAt),
        isNull(workers.stoppedAt),
        sql`greatest(${workers.heartbeatAt}, ${watchedSince.toISOString()}::timestamptz)
          < now() - make_interval(mins => ${minutes})`,
      ),
    );
  const declared: string[] = [];
  for (const { name } of silent) {
    const reason = `It was silent for ${minutes} minutes, the limit that is set for this installation.`;
    const actor = { kind: "system" as const, name: "host-lost limit" };
    try {
      await declareHostLost({ db, actor, now }, { name, reason });
      declared.push(name);
    } catch (error) {
      // Another worker was quicker, or it has just come back.
      if (!(error instanceof DomainError) || error.code !== "conflict") throw error;
    }
  }
  return declared;
}

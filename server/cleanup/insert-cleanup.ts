import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { cleanupItems, cleanups } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { type Actor, nameActor } from "@/server/domain/actor";
import {
  attemptIdSchema,
  type RepositoryId,
  runIdSchema,
  workerIdSchema,
  workspaceIdSchema,
} from "@/server/domain/ids";
import { readPlan } from "./read-plan";

/** The channel on which workers hear that a cleanup wants carrying out. */
export const cleanupChannel = "coppice_cleanup";

const insertAtOnce = 500;

/** Plans and records a cleanup: a dry run, or one that the workers begin with at the commit. */
export async function insertCleanup(
  tx: Transaction,
  cleanup: {
    actor: Actor;
    repositoryId: RepositoryId | null;
    isDryRun: boolean;
    isScheduled: boolean;
    now: Date;
  },
): Promise<string> {
  const { actor, repositoryId, isDryRun, isScheduled, now } = cleanup;
  const { items, isCut } = await readPlan(tx, { repositoryId, now });
  const free = items.filter(({ blocked }) => blocked === null);
  const id = randomUUID();
  const by = nameActor(actor);
  // With nothing to do it has ended before it began: no worker is needed to say so.
  const status = isDryRun ? "reported" : free.length > 0 ? "running" : "done";
  const counts = {
    planned: free.length,
    plannedBytes: free.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    blocked: items.length - free.length,
  };
  await tx.insert(cleanups).values({
    ...{ id, status, isScheduled, startedBy: by, startedAt: now, repositoryId, isCut, ...counts },
    ...(isDryRun ? {} : { carriedOutBy: by, carriedOutAt: now }),
    ...(status === "done" ? { endedAt: now } : {}),
  });
  await insertItems(tx, id, items);
  await tx.execute(sql`select pg_notify(${cleanupChannel}, '')`);
  const action = isDryRun ? "cleanup.reported" : "cleanup.started";
  await recordAudit(tx, { actor, action, target: `cleanup:${id}`, facts: counts, now });
  return id;
}

async function insertItems(
  tx: Transaction,
  cleanupId: string,
  items: Awaited<ReturnType<typeof readPlan>>["items"],
): Promise<void> {
  const rows = items.map((item, position) => ({
    cleanupId,
    position,
    kind: item.kind,
    status: item.blocked === null ? ("planned" as const) : ("blocked" as const),
    workspaceId: item.workspaceId ? workspaceIdSchema.parse(item.workspaceId) : null,
    runId: item.runId ? runIdSchema.parse(item.runId) : null,
    attemptId: item.attemptId ? attemptIdSchema.parse(item.attemptId) : null,
    workerId: item.host ? workerIdSchema.parse(item.host.workerId) : null,
    workflow: item.workflow,
    bytes: item.bytes,
    reason: item.reason,
    loses: item.loses,
    trim: item.trim,
    why: item.blocked,
  }));
  for (let from = 0; from < rows.length; from += insertAtOnce) {
    await tx.insert(cleanupItems).values(rows.slice(from, from + insertAtOnce));
  }
}

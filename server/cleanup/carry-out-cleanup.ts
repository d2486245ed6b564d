import { and, eq, gt, sql } from "drizzle-orm";
import { cleanups } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import type { CleanupView } from "@/server/domain/cleanup";
import { Conflict } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";
import { type CleanupKey, cleanupKeySchema, getCleanup } from "./get-cleanup";
import { cleanupChannel } from "./insert-cleanup";
import { refusingTwo } from "./start-cleanup";

const mostAgeMs = 24 * 3600 * 1000;

/**
 * Has a dry run carried out: exactly what it listed, and each thing only if it is still due and safe
 * when its turn comes.
 * @throws NotFound; Conflict when it is older than a day, was carried out, or another one is under way.
 */
export async function carryOutCleanup(
  context: VerbContext,
  input: CleanupKey,
): Promise<CleanupView> {
  const { id } = parseInput(cleanupKeySchema, input);
  const { db, actor, now } = context;
  const by = nameActor(actor);
  const before = await getCleanup(db, { id });
  await refusingTwo(() =>
    db.transaction(async (tx) => {
      const hasWork = before.planned > 0;
      const moved = await tx
        .update(cleanups)
        .set({
          status: hasWork ? "running" : "done",
          carriedOutBy: by,
          carriedOutAt: now,
          endedAt: hasWork ? null : now,
        })
        .where(
          and(
            eq(cleanups.id, id),
            eq(cleanups.status, "reported"),
            gt(cleanups.startedAt, new Date(now.getTime() - mostAgeMs)),
          ),
        )
        .returning({ id: cleanups.id });
      if (moved.length === 0) throw refusal(before);
      await tx.execute(sql`select pg_notify(${cleanupChannel}, '')`);
      const facts = { planned: before.planned, plannedBytes: before.plannedBytes };
      await recordAudit(tx, {
        ...{ actor, action: "cleanup.started", target: `cleanup:${id}`, facts, now },
      });
    }),
  );
  return getCleanup(db, { id });
}

function refusal({ status }: CleanupView): Conflict {
  if (status === "reported") {
    return new Conflict("This dry run is older than a day: too much may have changed.", {
      hint: "Make a new dry run and carry that one out.",
    });
  }
  return new Conflict(`This cleanup is ${status} already.`, { facts: { status } });
}

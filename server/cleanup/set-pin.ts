import { randomUUID } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { pins, runs, workspaces } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { NotFound } from "@/server/domain/errors";
import { type RunId, runIdSchema, type WorkspaceId, workspaceIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";
import { filterTextSchema } from "@/server/runs/filter-text";

export const setPinInputSchema = z
  .strictObject({
    workspaceId: workspaceIdSchema.nullish(),
    runId: runIdSchema.nullish(),
    /** True: no cleanup touches it until it is set to false. */
    isPinned: z.boolean(),
    note: filterTextSchema.default(""),
  })
  .refine(({ workspaceId, runId }) => Boolean(workspaceId) !== Boolean(runId), {
    path: ["runId"],
    message: "Give a workspace or a run.",
  });

export const pinnedSchema = z.object({ isPinned: z.boolean() });

/** Pins a workspace or a run (its output, its control folders and its workspace), or lets go of it. */
export async function setPin(
  { db, actor, now }: VerbContext,
  input: z.input<typeof setPinInputSchema>,
): Promise<{ isPinned: boolean }> {
  const { workspaceId, runId, isPinned, note } = parseInput(setPinInputSchema, input);
  await db.transaction(async (tx) => {
    const target = await findTarget(tx, workspaceId ?? null, runId ?? null);
    const changed = isPinned
      ? await tx
          .insert(pins)
          .values({
            ...{ id: randomUUID(), kind: "member", note, createdBy: nameActor(actor) },
            ...{ createdAt: now, workspaceId: workspaceId ?? null, runId: runId ?? null },
          })
          .onConflictDoNothing()
          .returning({ id: pins.id })
      : await tx
          .delete(pins)
          .where(and(eq(pins.kind, "member"), target.where))
          .returning({ id: pins.id });
    if (changed.length === 0) return;
    const action = `${target.noun}.${isPinned ? "pinned" : "unpinned"}`;
    const facts = note ? { note } : {};
    await recordAudit(tx, { actor, action, target: `${target.noun}:${target.id}`, facts, now });
  });
  return { isPinned };
}

async function findTarget(tx: Transaction, workspaceId: WorkspaceId | null, runId: RunId | null) {
  if (workspaceId) {
    const [found] = await tx
      .select({ id: workspaces.id })
      .from(workspaces)
      .where(eq(workspaces.id, workspaceId));
    if (!found) throw new NotFound("workspace", workspaceId);
    return { noun: "workspace", id: found.id, where: eq(pins.workspaceId, found.id) };
  }
  const [found] = runId
    ? await tx.select({ id: runs.id }).from(runs).where(eq(runs.id, runId))
    : [];
  if (!found) throw new NotFound("run", runId ?? "");
  return { noun: "run", id: found.id, where: eq(pins.runId, found.id) };
}

import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { questions, runs } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { nextMessageTool } from "@/server/domain/conversation";
import { Conflict } from "@/server/domain/errors";
import { type RunId, runIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import { findInterruptRefusal } from "@/server/domain/steering";
import { runControlChannel } from "@/server/runs/cancel-run";
import type { VerbContext } from "@/server/runs/context";
import { lockRun } from "./lock-run";

export const interruptRunInputSchema = z.strictObject({ runId: runIdSchema });

/**
 * Ends the agent's turn, not the run: queued messages are the next turn; with none, the run waits for
 * one. Asked twice before the worker has passed it on, it is one interrupt.
 * @throws NotFound; Conflict when no turn goes on; Unprocessable when its agent has none.
 */
export async function interruptRun(
  { db, actor, now }: VerbContext,
  input: z.input<typeof interruptRunInputSchema>,
): Promise<void> {
  const { runId } = parseInput(interruptRunInputSchema, input);
  await db.transaction(async (tx) => {
    const run = await lockRun(tx, runId, findInterruptRefusal);
    await refuseWhilePaused(tx, runId);
    await tx
      .update(runs)
      .set({
        interruptAskedAt: run.interruptAskedAt ?? now,
        interruptAskedBy: run.interruptAskedBy ?? nameActor(actor),
      })
      .where(eq(runs.id, runId));
    await recordAudit(tx, {
      actor,
      action: "run.interrupt_asked",
      target: `run:${runId}`,
      facts: { status: run.status },
      now,
    });
    await tx.execute(sql`select pg_notify(${runControlChannel}, ${runId})`);
  });
}

async function refuseWhilePaused(tx: Transaction, runId: RunId): Promise<void> {
  const isOpen = and(eq(questions.state, "open"), eq(questions.tool, nextMessageTool));
  const [paused] = await tx
    .select({ id: questions.id })
    .from(questions)
    .where(and(eq(questions.runId, runId), isOpen));
  if (!paused) return;
  throw new Conflict("The agent is interrupted already and waits for a message.", {
    facts: { runId, questionId: paused.id },
    hint: "Send it a message, or cancel the run.",
  });
}

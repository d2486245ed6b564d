import { asc, eq, getTableColumns } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { attempts, checkRounds, runCommands } from "@/db/schema";
import { parseInput } from "@/server/domain/parse-input";
import type { RunChecksView } from "@/server/domain/workspace-commands";
import { resolveRunId, runKeySchema } from "@/server/runs/resolve-run-id";

export const listRunChecksInputSchema = z.strictObject({ id: runKeySchema });

/** A run's set-up, checks and tear-down in the order in which they were planned. @throws NotFound */
export async function listRunChecks(
  db: Executor,
  input: z.input<typeof listRunChecksInputSchema>,
): Promise<RunChecksView> {
  const { id } = parseInput(listRunChecksInputSchema, input);
  const runId = await resolveRunId(db, id);
  const { redactorState, ...columns } = getTableColumns(runCommands);
  const commands = await db
    .select({ ...columns, attempt: attempts.number })
    .from(runCommands)
    .innerJoin(attempts, eq(attempts.id, runCommands.attemptId))
    .where(eq(runCommands.runId, runId))
    .orderBy(asc(runCommands.plannedAt), asc(runCommands.kind), asc(runCommands.position));
  const rounds = await db
    .select({ ...getTableColumns(checkRounds), attempt: attempts.number })
    .from(checkRounds)
    .innerJoin(attempts, eq(attempts.id, checkRounds.attemptId))
    .where(eq(checkRounds.runId, runId))
    .orderBy(asc(checkRounds.number));
  return { commands, rounds };
}

import { randomUUID } from "node:crypto";
import { and, asc, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { runCommands } from "@/db/schema";
import { type AttemptId, runCommandIdSchema } from "@/server/domain/ids";
import type { CommandKind } from "@/server/domain/workspace-commands";
import { type CommandSite, commandControlPath, type RunCommand } from "./command-site";

export interface PlannedCommand {
  kind: CommandKind;
  position: number;
  name: string;
  command: string;
  timeoutSeconds: number;
}

/**
 * Names commands and their control folders before any of it exists. Planned again by a worker that came
 * back, they stay what they were. `skippedBecause` is set for commands that are not run after all.
 */
export async function insertCommands(
  db: Executor,
  site: Pick<CommandSite, "runId" | "attemptId" | "workspaceId">,
  attemptControlPath: string,
  planned: PlannedCommand[],
  skippedBecause: string | null = null,
): Promise<void> {
  if (planned.length === 0) return;
  const now = new Date();
  const skipped = { state: "skipped", note: skippedBecause, endedAt: now } as const;
  await db
    .insert(runCommands)
    .values(
      planned.map((command) => ({
        ...command,
        id: runCommandIdSchema.parse(randomUUID()),
        runId: site.runId,
        attemptId: site.attemptId,
        workspaceId: site.workspaceId,
        controlPath: commandControlPath(attemptControlPath, { ...command, tries: 1 }),
        plannedAt: now,
        ...(skippedBecause === null ? {} : skipped),
      })),
    )
    .onConflictDoNothing({
      target: [runCommands.attemptId, runCommands.kind, runCommands.position],
    });
}

/** An attempt's commands of one kind, in their order. */
export async function listCommands(
  db: Executor,
  attemptId: AttemptId,
  kind: CommandKind,
): Promise<RunCommand[]> {
  return db
    .select()
    .from(runCommands)
    .where(and(eq(runCommands.attemptId, attemptId), eq(runCommands.kind, kind)))
    .orderBy(asc(runCommands.position));
}

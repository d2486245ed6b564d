import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { and, count, desc, eq, inArray } from "drizzle-orm";
import {
  attempts,
  repositories,
  runCommands,
  runs,
  sessions,
  workflowVersions,
  type workspaces,
} from "@/db/schema";
import { proveDead } from "@/server/agents/prove-dead";
import { describeError } from "@/server/domain/errors";
import { runCommandIdSchema } from "@/server/domain/ids";
import type { Script } from "@/server/domain/workspace-commands";
import { readRepositorySettings } from "@/server/repositories/get-repository-settings";
import { workspacePath } from "@/server/workspaces/layout";
import type { WorkerContext } from "../context";
import type { CommandSite, RunCommand } from "./command-site";
import { endCommand } from "./end-command";
import { runCommand } from "./run-command";

type Workspace = typeof workspaces.$inferSelect;

/**
 * Runs a repository's tear-down in a workspace that is about to be removed. Nothing that it does or
 * fails to do stops the removal: what lies there is kept afterwards. One that a killed worker left is
 * ended and not run again.
 */
export async function tearDownWorkspace(
  context: WorkerContext,
  workspace: Workspace,
): Promise<void> {
  try {
    const folder = workspacePath(context.home, workspace.repositoryId, workspace.id);
    const { tearDown } = await readRepositorySettings(context.db, workspace.repositoryId);
    if (!tearDown || !existsSync(folder)) return;
    const site = await findSite(context, workspace, folder);
    if (!site || (await endOpen(context, site))) return;
    const row = await plan(context, site, tearDown);
    await runCommand(context, site, row, { nextControlPath: null });
    await rm(row.controlPath, { recursive: true, force: true });
  } catch (error) {
    context.log(`workspace ${workspace.id}: its tear-down failed: ${describeError(error)}`);
  }
}

/** It stands under the run that worked there last; null where none ever did. */
async function findSite(
  context: WorkerContext,
  workspace: Workspace,
  workspaceFolder: string,
): Promise<CommandSite | null> {
  const [last] = await context.db
    .select({ run: runs, attempt: attempts, repository: repositories, branch: sessions.branch })
    .from(runs)
    .innerJoin(attempts, eq(attempts.runId, runs.id))
    .innerJoin(repositories, eq(repositories.id, runs.repositoryId))
    .innerJoin(sessions, eq(sessions.id, runs.sessionId))
    .where(eq(runs.workspaceId, workspace.id))
    .orderBy(desc(runs.number), desc(attempts.number))
    .limit(1);
  if (!last?.run.baseCommit) return null;
  const { run, attempt, repository, branch } = last;
  const [version] = await context.db
    .select({ definition: workflowVersions.definition })
    .from(workflowVersions)
    .where(eq(workflowVersions.id, run.workflowVersionId));
  return {
    runId: run.id,
    runNumber: run.number,
    sessionId: run.sessionId,
    attemptId: attempt.id,
    attemptNumber: attempt.number,
    workspaceId: workspace.id,
    workspacePath: workspaceFolder,
    repositoryId: repository.id,
    repositoryName: repository.name,
    workflowVersionId: run.workflowVersionId,
    branch,
    baseCommit: last.run.baseCommit,
    message: run.message,
    agent: run.agent,
    sandbox: version?.definition.sandbox ?? "auto",
    fence: null,
    signal: new AbortController().signal,
  };
}

/** Whether there was one under way. */
async function endOpen(context: WorkerContext, site: CommandSite): Promise<boolean> {
  const open = await context.db
    .select()
    .from(runCommands)
    .where(
      and(
        eq(runCommands.workspaceId, site.workspaceId),
        eq(runCommands.kind, "tear_down"),
        inArray(runCommands.state, ["planned", "running"]),
      ),
    );
  for (const row of open) {
    await proveDead({ controlPath: row.controlPath, mark: site });
    const end = { state: "lost", exitCode: null, exitSignal: null, note: null } as const;
    await endCommand(context, site, row, end);
    await rm(row.controlPath, { recursive: true, force: true });
  }
  return open.length > 0;
}

/** A tear-down may outlive its run's control folders, so it has a place of its own. */
async function plan(
  context: WorkerContext,
  site: CommandSite,
  script: Script,
): Promise<RunCommand> {
  const { runId, attemptId, workspaceId } = site;
  const id = runCommandIdSchema.parse(randomUUID());
  const isSame = and(eq(runCommands.attemptId, attemptId), eq(runCommands.kind, "tear_down"));
  const [before] = await context.db.select({ rows: count() }).from(runCommands).where(isSame);
  const [row] = await context.db
    .insert(runCommands)
    .values({
      ...{ id, runId, attemptId, workspaceId, kind: "tear_down", name: "Tear-down", ...script },
      position: (before?.rows ?? 0) + 1,
      controlPath: join(context.home, "tear-downs", id),
      plannedAt: new Date(),
    })
    .returning();
  if (!row) throw new Error("the tear-down's row was not inserted");
  return row;
}

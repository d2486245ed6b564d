import { existsSync } from "node:fs";
import { and, desc, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { runCommands, runs } from "@/db/schema";
import { describeCommandEnd, needsSetUp } from "@/server/domain/checking";
import { AttemptSuperseded } from "@/server/domain/errors";
import type { WorkspaceId } from "@/server/domain/ids";
import { type CommandKind, isCommandOver } from "@/server/domain/workspace-commands";
import { readRepositorySettings } from "@/server/repositories/get-repository-settings";
import { AttemptFailed } from "../attempt-failed";
import { awaitDatabase } from "../await-database";
import type { Hold, WorkerContext } from "../context";
import type { Work } from "../load-work";
import { bringAlong } from "./bring-along";
import { type CommandSite, commandControlPath, type RunCommand } from "./command-site";
import { insertCommands, listCommands, type PlannedCommand } from "./insert-commands";
import { readCommandTail } from "./read-command-tail";
import { runCommand } from "./run-command";

const tailBytes = 2 * 1024;

/** What is done to a workspace between its making and the agent's start; often nothing. */
export interface SetUpPlan {
  bringAlong: RunCommand | null;
  setUp: RunCommand | null;
  /** A worker before us has begun with it, so the workspace is there and must not be opened again. */
  isBegun: boolean;
}

/**
 * Decides whether the workspace has to be set up, and commits that before the workspace is made. A
 * worker that comes back finds what was decided.
 * @throws AttemptSuperseded, HoldEnded.
 */
export async function planSetUp(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  site: CommandSite,
): Promise<SetUpPlan> {
  const found = await readPlan(context, hold);
  if (found.bringAlong || found.setUp) return found;
  const isNewWorkspace = !existsSync(site.workspacePath);
  const isPlanned = await awaitDatabase(context, hold, () =>
    context.db.transaction(async (tx) => {
      const planned = await choose(tx, work, isNewWorkspace);
      if (planned.length === 0) return false;
      const [held] = await tx
        .select({ id: runs.id })
        .from(runs)
        .where(and(eq(runs.id, hold.runId), eq(runs.fence, hold.fence)))
        .for("update");
      if (!held) throw new AttemptSuperseded(hold.runId, hold.fence);
      await insertCommands(tx, site, hold.controlPath, planned);
      return true;
    }),
  );
  return isPlanned ? readPlan(context, hold) : found;
}

async function readPlan(context: WorkerContext, hold: Hold): Promise<SetUpPlan> {
  const read = (kind: CommandKind) =>
    awaitDatabase(context, hold, () => listCommands(context.db, hold.attemptId, kind));
  const [brought] = await read("bring_along");
  const [setUp] = await read("set_up");
  const isBegun = [brought, setUp].some((row) => row && row.state !== "planned");
  return { bringAlong: brought ?? null, setUp: setUp ?? null, isBegun };
}

async function choose(
  tx: Transaction,
  { repository, workspace }: Work,
  isNewWorkspace: boolean,
): Promise<PlannedCommand[]> {
  const settings = await readRepositorySettings(tx, repository.id);
  const planned: PlannedCommand[] = [];
  const common = { position: 1, timeoutSeconds: 600 };
  const brought = await findLast(tx, workspace.id, "bring_along");
  const isMissing = brought !== null && brought !== "passed" && brought !== "skipped";
  if (settings.bringAlong.length > 0 && (isNewWorkspace || isMissing)) {
    const command = settings.bringAlong.join("\n");
    planned.push({ ...common, kind: "bring_along", name: "Files brought along", command });
  }
  if (!settings.setUp) return planned;
  const hasPassed = (await findLast(tx, workspace.id, "set_up")) === "passed";
  if (needsSetUp({ when: settings.setUpWhen, isNewWorkspace, hasPassed })) {
    planned.push({ ...common, kind: "set_up", name: "Set-up", ...settings.setUp });
  }
  return planned;
}

/** How the newest command of a kind stands in a workspace; null when there was none. */
async function findLast(tx: Transaction, workspaceId: WorkspaceId, kind: CommandKind) {
  const [row] = await tx
    .select({ state: runCommands.state })
    .from(runCommands)
    .where(and(eq(runCommands.workspaceId, workspaceId), eq(runCommands.kind, kind)))
    .orderBy(desc(runCommands.plannedAt))
    .limit(1);
  return row?.state ?? null;
}

/**
 * Sets the workspace up, or goes on where a worker before us was.
 * @throws AttemptFailed (`setup_failed`) with the end of the output; HoldEnded.
 */
export async function setUpWorkspace(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  site: CommandSite,
  plan: SetUpPlan,
): Promise<void> {
  if (plan.bringAlong && !isCommandOver(plan.bringAlong.state)) {
    await bringAlong(context, site, work, plan.bringAlong);
  } else if (plan.bringAlong?.state === "failed") {
    const why = describeCommandEnd(plan.bringAlong);
    throw new AttemptFailed("setup_failed", `Files could not be brought along: ${why}.`);
  }
  if (!plan.setUp) return;
  const nextControlPath = (tries: number) =>
    commandControlPath(hold.controlPath, { kind: "set_up", position: 1, tries });
  const row = isCommandOver(plan.setUp.state)
    ? plan.setUp
    : await runCommand(context, site, plan.setUp, { nextControlPath });
  if (row.state === "passed") return;
  const tail = await awaitDatabase(context, hold, () =>
    readCommandTail(context.db, row, tailBytes),
  );
  const said = tail.trim() === "" ? "" : ` The end of its output:\n${tail.trimEnd()}`;
  throw new AttemptFailed("setup_failed", `The set-up script ${describeCommandEnd(row)}.${said}`);
}

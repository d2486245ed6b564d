import { and, eq, notInArray } from "drizzle-orm";
import { z } from "zod";
import { runs, workspaces } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { Conflict, NotFound } from "@/server/domain/errors";
import type { WorkspaceId } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import { terminalStatuses } from "@/server/domain/run-status";
import type { WorkspaceView } from "@/server/domain/views";
import { ignoredChoiceSchema } from "@/server/domain/workspace-audit";
import { askHost } from "@/server/host-requests/ask-host";
import type { VerbContext } from "@/server/runs/context";
import { getWorkspace, getWorkspaceInputSchema } from "./get-workspace";

export const removeWorkspaceInputSchema = getWorkspaceInputSchema.extend({
  /** What becomes of ignored files; by default those that no build makes again are kept. */
  ignored: ignoredChoiceSchema.optional(),
  /** Gives up a rebase, merge or the like that is unfinished there; its commits and files are kept. */
  mayLoseUnfinished: z.boolean().optional(),
});

/**
 * Asks the workspace's host to store all that lies in it and then remove its folder. What cannot be
 * stored puts the workspace in quarantine instead, whole. One that is removed already is given back as
 * it is.
 * @throws NotFound; Conflict while a run needs it or before it was made; Unavailable when its host
 *   is away.
 */
export async function removeWorkspace(
  context: VerbContext,
  input: z.input<typeof removeWorkspaceInputSchema>,
): Promise<WorkspaceView> {
  const { id, ...wish } = parseInput(removeWorkspaceInputSchema, input);
  const workerId = await loadPlacedWorkspace(context, id);
  if (workerId) {
    await refuseWhileNeeded(context, id);
    await recordIntent(context, id, wish);
    await askHost(context, {
      kind: "remove_workspace",
      input: { workspaceId: id, ...wish },
      workerId,
      takeWithinSeconds: 30,
      answerWithinSeconds: 300,
    });
  }
  return getWorkspace(context.db, { id });
}

/** The worker that has it on its disk, or null when it was removed. */
async function loadPlacedWorkspace({ db }: VerbContext, id: WorkspaceId) {
  const [workspace] = await db
    .select({ state: workspaces.state, workerId: workspaces.workerId })
    .from(workspaces)
    .where(eq(workspaces.id, id));
  if (!workspace) throw new NotFound("workspace", id);
  if (workspace.state === "removed") return null;
  if (workspace.workerId) return workspace.workerId;
  throw new Conflict("The workspace has not been made yet, so there is nothing to remove.", {
    hint: "Cancel the run that waits for it instead.",
  });
}

/** Tells it early; the host looks again, under its lock, before it touches anything. */
async function refuseWhileNeeded({ db }: VerbContext, id: WorkspaceId): Promise<void> {
  const [run] = await db
    .select({ number: runs.number, status: runs.status })
    .from(runs)
    .where(and(eq(runs.workspaceId, id), notInArray(runs.status, [...terminalStatuses])))
    .limit(1);
  if (!run) return;
  throw new Conflict(`Run #${run.number} is ${run.status} and needs this workspace.`, {
    hint: "Cancel the run, or wait until it has ended.",
    facts: { run: run.number, status: run.status },
  });
}

async function recordIntent(
  { db, actor, now }: VerbContext,
  id: WorkspaceId,
  wish: Record<string, unknown>,
): Promise<void> {
  await db.transaction((tx) =>
    recordAudit(tx, {
      actor,
      action: "workspace.removal_asked",
      target: `workspace:${id}`,
      facts: wish,
      now,
    }),
  );
}

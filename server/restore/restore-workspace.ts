import { desc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { runs, workspaces } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { Conflict, DomainError, NotFound } from "@/server/domain/errors";
import { type Sha, type WorkspaceId, workspaceIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import { restorePointSchema } from "@/server/domain/restore";
import type { WorkspaceView } from "@/server/domain/views";
import { askHost } from "@/server/host-requests/ask-host";
import type { VerbContext } from "@/server/runs/context";
import { getWorkspace } from "@/server/workspace-records/get-workspace";
import { resolveRestorePoint } from "./resolve-restore-point";

export const restoreWorkspaceInputSchema = z.strictObject({
  id: workspaceIdSchema,
  /** A commit or snapshot of a run that worked in it; default: its recorded head. */
  at: restorePointSchema.nullish(),
});

/**
 * Makes a workspace whose folder is gone again, at its own path and, unless told otherwise, as it was when
 * it was removed. One in quarantine is put back. One that is there as wanted is given back as it is.
 * @throws NotFound; Conflict while it is there with other work, or a run holds it; Unavailable when its
 *   host is away.
 */
export async function restoreWorkspace(
  context: VerbContext,
  input: z.input<typeof restoreWorkspaceInputSchema>,
): Promise<WorkspaceView> {
  const { id, at } = parseInput(restoreWorkspaceInputSchema, input);
  const { db, actor, now } = context;
  const [workspace] = await db.select().from(workspaces).where(eq(workspaces.id, id));
  if (!workspace) throw new NotFound("workspace", id);
  if (!workspace.workerId) {
    throw new Conflict("The workspace has not been made yet, so there is nothing to restore.", {
      hint: "Its run makes it.",
    });
  }
  const sha = at ? await findRecorded(db, workspace, at) : null;
  const facts = { sha, state: workspace.state };
  const target = `workspace:${id}`;
  await db.transaction((tx) =>
    recordAudit(tx, { actor, action: "workspace.restore_asked", target, facts, now }),
  );
  await askHost(context, {
    kind: "restore_workspace",
    input: { workspaceId: id, sha },
    workerId: workspace.workerId,
    takeWithinSeconds: 30,
    answerWithinSeconds: 300,
  });
  return getWorkspace(db, { id });
}

interface Recorded {
  id: WorkspaceId;
  headCommit: Sha | null;
  baseCommit: Sha | null;
}

/** A persistent workspace may have seen very many runs. */
const maxRuns = 200;

/** The newest run that knows the point decides. */
async function findRecorded(db: Executor, workspace: Recorded, at: string): Promise<Sha> {
  const own = [workspace.headCommit, workspace.baseCommit].find((sha) => sha?.startsWith(at));
  if (own && at.length >= 7) return own;
  const users = await db
    .select({ id: runs.id })
    .from(runs)
    .where(eq(runs.workspaceId, workspace.id))
    .orderBy(desc(runs.number))
    .limit(maxRuns);
  for (const { id } of users) {
    const point = await resolveRestorePoint(db, id, at).catch(whenNotThere);
    if (point) return point.sha;
  }
  throw new NotFound("commit or snapshot of a run in this workspace", at);
}

function whenNotThere(error: unknown): null {
  const isAbsent =
    error instanceof DomainError && ["not_found", "unprocessable"].includes(error.code);
  if (!isAbsent) throw error;
  return null;
}

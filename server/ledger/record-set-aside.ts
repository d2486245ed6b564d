import { and, desc, eq, inArray } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { runs, workEntries } from "@/db/schema";
import type { WorkerId, WorkspaceId } from "@/server/domain/ids";
import { recordLeftovers } from "./record-leftovers";

export interface SetAside {
  path: string;
  why: string;
}

/** Enters folders that were set aside of a workspace, under the last run that worked there. */
export async function recordSetAside(
  db: Executor,
  input: { workerId: WorkerId; workspaceId: WorkspaceId; folders: SetAside[]; now: Date },
): Promise<void> {
  const { workerId, workspaceId, folders, now } = input;
  const known = await db
    .select({ title: workEntries.title })
    .from(workEntries)
    .innerJoin(runs, eq(runs.id, workEntries.runId))
    .where(
      and(
        eq(runs.workspaceId, workspaceId),
        eq(workEntries.workerId, workerId),
        eq(workEntries.reason, "set_aside"),
        inArray(
          workEntries.title,
          folders.map(({ path }) => path),
        ),
      ),
    );
  const entered = new Set(known.map(({ title }) => title));
  const fresh = folders.filter(({ path }) => !entered.has(path));
  const [last] = await db
    .select({ id: runs.id })
    .from(runs)
    .where(eq(runs.workspaceId, workspaceId))
    .orderBy(desc(runs.createdAt), desc(runs.id))
    .limit(1);
  if (!last || fresh.length === 0) return;
  const leftovers = fresh.map((folder) => ({ reason: "set_aside" as const, ...folder }));
  await recordLeftovers(db, { runId: last.id, leftovers, now });
}

import { and, desc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "@/db/client";
import { cleanupItems, cleanups, pins, workspaces } from "@/db/schema";
import type { Due } from "@/server/domain/cleanup-views";
import { decideWorkspace, rankNewest } from "@/server/domain/decide-workspace";
import { type WorkspaceId, workspaceIdSchema } from "@/server/domain/ids";
import { limits } from "@/server/domain/limits";
import { parseInput } from "@/server/domain/parse-input";
import { readPolicies } from "./read-policies";
import { readWorkspaceFacts } from "./read-workspace-facts";

export const listDuesInputSchema = z.strictObject({
  ids: z.array(workspaceIdSchema).max(limits.maxPageSize),
});

const factsLimit = 10_000;

/** What retention means for each of these workspaces: kept until when and why, or removed by what. */
export async function listDues(
  db: Database,
  input: z.input<typeof listDuesInputSchema>,
  now: Date,
): Promise<{ items: Due[] }> {
  const { ids } = parseInput(listDuesInputSchema, input);
  if (ids.length === 0) return { items: [] };
  const policies = await readPolicies(db);
  const facts = await readWorkspaceFacts(db, {
    ...{ policies, repositoryId: null, limit: factsLimit, now },
  });
  const ranks = rankNewest(facts);
  const asked = new Set<string>(ids);
  const pinned = await readPinned(db, ids);
  const standing = facts
    .filter(({ id }) => asked.has(id))
    .map((one): Due => {
      const decision = decideWorkspace(one, ranks.get(one.id) ?? 0, now);
      const base = { workspaceId: one.id, until: null, isPinned: pinned.has(one.id) };
      if (decision.verdict === "keep") {
        return { ...base, standing: "kept", until: decision.until, why: decision.why };
      }
      if (decision.verdict === "remove") return { ...base, standing: "due", why: decision.reason };
      const why = [decision.blocked, ...decision.loses].join(" ");
      return { ...base, standing: "blocked", why };
    });
  return { items: [...standing, ...(await readRemoved(db, ids, pinned))] };
}

async function readPinned(db: Database, ids: WorkspaceId[]): Promise<Set<string>> {
  const rows = await db
    .select({ id: pins.workspaceId })
    .from(pins)
    .where(and(eq(pins.kind, "member"), inArray(pins.workspaceId, ids)));
  return new Set(rows.flatMap(({ id }) => (id ? [id] : [])));
}

/** Removed ones: by a policy when the cleanup's item is of the same removal, else by a person. */
async function readRemoved(db: Database, ids: WorkspaceId[], pinned: Set<string>): Promise<Due[]> {
  const rows = await db
    .selectDistinctOn([workspaces.id], {
      id: workspaces.id,
      removedAt: workspaces.removedAt,
      reason: cleanupItems.reason,
      endedAt: cleanupItems.endedAt,
      by: cleanups.carriedOutBy,
    })
    .from(workspaces)
    .leftJoin(
      cleanupItems,
      and(eq(cleanupItems.workspaceId, workspaces.id), eq(cleanupItems.status, "removed")),
    )
    .leftJoin(cleanups, eq(cleanups.id, cleanupItems.cleanupId))
    .where(and(eq(workspaces.state, "removed"), inArray(workspaces.id, ids)))
    .orderBy(workspaces.id, desc(cleanupItems.endedAt));
  return rows.map(({ id, removedAt, reason, endedAt, by }) => {
    const isPolicy = reason !== null && endedAt?.getTime() === removedAt?.getTime();
    return {
      workspaceId: id,
      standing: isPolicy ? "removed_by_policy" : "removed_by_hand",
      until: null,
      why: isPolicy ? `${reason} (${by})` : "",
      isPinned: pinned.has(id),
    };
  });
}

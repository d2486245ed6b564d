import { randomUUID } from "node:crypto";
import path from "node:path";
import { and, eq, isNull, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { patchChunks, patches } from "@/db/schema";
import { repositoryIdSchema, shaSchema } from "@/server/domain/ids";
import { limits } from "@/server/domain/limits";
import { patchesPath } from "@/server/workspaces/layout";
import { restorePatch } from "@/server/workspaces/restore-patch";
import type { WorkerContext } from "../context";

const inputSchema = z.looseObject({
  repositoryId: repositoryIdSchema,
  from: shaSchema,
  to: shaSchema,
});

/**
 * Makes the patch between two commits of this host's mirror and stores it piece by piece, for the web to
 * hand out. It counts only when its length is recorded, which comes last; a half one is made anew.
 */
export async function answerRestorePatch(
  { db, home }: WorkerContext,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { repositoryId, from, to } = inputSchema.parse(input);
  const isRange = and(
    eq(patches.repositoryId, repositoryId),
    eq(patches.fromSha, from),
    eq(patches.toSha, to),
  );
  await db.delete(patches).where(lt(patches.usedAt, sql`now() - interval '1 day'`));
  await db.delete(patches).where(and(isRange, isNull(patches.bytes)));
  const [known] = await db.select({ id: patches.id }).from(patches).where(isRange);
  if (known) return { patchId: known.id };
  const patchId = randomUUID();
  await db
    .insert(patches)
    .values({ id: patchId, repositoryId, fromSha: from, toSha: to, usedAt: new Date() });
  const { bytes } = await restorePatch({
    home,
    repositoryId,
    from,
    to,
    file: path.join(patchesPath(home), `${patchId}.patch`),
    maxBytes: limits.maxPatchDownloadBytes,
    onPiece: async (piece, position) => {
      await db.insert(patchChunks).values({ patchId, position, bytes: piece });
    },
  });
  await db.update(patches).set({ bytes }).where(eq(patches.id, patchId));
  return { patchId };
}

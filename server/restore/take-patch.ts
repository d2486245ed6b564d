import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "@/db/client";
import { patchChunks, patches } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { NotFound, Unavailable } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import { restorePointSchema } from "@/server/domain/restore";
import { askHost } from "@/server/host-requests/ask-host";
import type { VerbContext } from "@/server/runs/context";
import { resolveRunId, runKeySchema } from "@/server/runs/resolve-run-id";
import { type RestorePoint, resolveRestorePoint } from "./resolve-restore-point";

export const takePatchInputSchema = z.strictObject({
  id: runKeySchema,
  /** Default: the run's head. */
  at: restorePointSchema.nullish(),
});

export interface TakenPatch {
  fileName: string;
  totalBytes: number;
  /** The patch as git wrote it, read piece by piece. */
  bytes: AsyncGenerator<Uint8Array, void, void>;
}

/**
 * A run's work from its base to its head, or to a recorded commit or snapshot, as a patch from which `git
 * apply` makes the very same files. Nothing in it is covered up, unlike in the diff that pages show.
 * @throws NotFound; Unprocessable without recorded work or when it is too large; Unavailable when the host
 *   is away.
 */
export async function takePatch(
  context: VerbContext,
  input: z.input<typeof takePatchInputSchema>,
): Promise<TakenPatch> {
  const { id, at } = parseInput(takePatchInputSchema, input);
  const { db, actor, now } = context;
  const runId = await resolveRunId(db, id);
  const point = await resolveRestorePoint(db, runId, at ?? null);
  const { run, sha } = point;
  await db.transaction((tx) =>
    recordAudit(tx, {
      actor,
      action: "run.patch_taken",
      target: `run:${runId}`,
      facts: { from: run.baseCommit, to: sha },
      now,
    }),
  );
  const patch = (await findPatch(context, point)) ?? (await makePatch(context, point));
  return {
    fileName: `run-${run.number}-${sha.slice(0, 10)}.patch`,
    totalBytes: patch.bytes,
    bytes: readChunks(db, patch),
  };
}

/** Marks it as used, so that it stays while it is read. */
async function findPatch({ db, now }: VerbContext, { run, sha }: RestorePoint) {
  const [patch] = await db
    .update(patches)
    .set({ usedAt: now })
    .where(
      and(
        eq(patches.repositoryId, run.repositoryId),
        eq(patches.fromSha, run.baseCommit),
        eq(patches.toSha, sha),
      ),
    )
    .returning({ id: patches.id, bytes: patches.bytes });
  return patch && patch.bytes !== null ? { id: patch.id, bytes: patch.bytes } : null;
}

async function makePatch(context: VerbContext, point: RestorePoint) {
  const { run, sha, workerId } = point;
  await askHost(context, {
    kind: "restore_patch",
    input: { repositoryId: run.repositoryId, from: run.baseCommit, to: sha },
    workerId,
    takeWithinSeconds: 30,
    answerWithinSeconds: 300,
  });
  const made = await findPatch(context, point);
  if (!made) throw new NotFound("patch", sha, { hint: "Try again." });
  return made;
}

async function* readChunks(db: Database, patch: { id: string; bytes: number }) {
  let read = 0;
  for (let position = 0; read < patch.bytes; position += 1) {
    const [chunk] = await db
      .select({ bytes: patchChunks.bytes })
      .from(patchChunks)
      .where(and(eq(patchChunks.patchId, patch.id), eq(patchChunks.position, position)));
    if (!chunk) throw new Unavailable("The patch is no longer whole.", { hint: "Take it again." });
    read += chunk.bytes.length;
    yield new Uint8Array(chunk.bytes);
  }
}

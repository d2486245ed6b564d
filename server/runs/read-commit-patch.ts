import { promisify } from "node:util";
import { inflate } from "node:zlib";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { commits } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import { shaSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import { resolveRunId, runKeySchema } from "./resolve-run-id";

export const readCommitPatchInputSchema = z.strictObject({ id: runKeySchema, sha: shaSchema });

export interface CommitPatch {
  /** Null when it was too big to keep. */
  patch: string | null;
  isPatchCut: boolean;
}

/**
 * The stored patch of one commit of a run; no host is asked.
 * @throws NotFound for a run or a commit that is not there.
 */
export async function readCommitPatch(
  db: Executor,
  input: z.input<typeof readCommitPatchInputSchema>,
): Promise<CommitPatch> {
  const { id, sha } = parseInput(readCommitPatchInputSchema, input);
  const runId = await resolveRunId(db, id);
  const [commit] = await db
    .select({ patch: commits.patch, isPatchCut: commits.isPatchCut })
    .from(commits)
    .where(and(eq(commits.runId, runId), eq(commits.sha, sha)));
  if (!commit) throw new NotFound("commit of this run", sha);
  const patch = commit.patch === null ? null : (await promisify(inflate)(commit.patch)).toString();
  return { patch, isPatchCut: commit.isPatchCut };
}

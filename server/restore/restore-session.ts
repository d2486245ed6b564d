import { and, desc, eq, isNotNull } from "drizzle-orm";
import type { z } from "zod";
import { runs } from "@/db/schema";
import { NotFound } from "@/server/domain/errors";
import { sessionIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import type { RestoreView } from "@/server/domain/restore";
import type { VerbContext } from "@/server/runs/context";
import { restoreRun, restoreRunInputSchema } from "./restore-run";

export const restoreSessionInputSchema = restoreRunInputSchema
  .omit({ runId: true, at: true })
  .extend({ sessionId: sessionIdSchema });

/**
 * Brings a session's work back at its head: where the newest of its runs with recorded work ended.
 * @throws NotFound, and whatever restoreRun throws.
 */
export async function restoreSession(
  context: VerbContext,
  input: z.input<typeof restoreSessionInputSchema>,
): Promise<RestoreView> {
  const { sessionId, ...wish } = parseInput(restoreSessionInputSchema, input);
  const [newest] = await context.db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.sessionId, sessionId), isNotNull(runs.headCommit)))
    .orderBy(desc(runs.number))
    .limit(1);
  if (newest) return restoreRun(context, { ...wish, runId: newest.id });
  throw new NotFound("session with recorded work", sessionId, {
    hint: "A session's work is recorded when its first run ends.",
  });
}

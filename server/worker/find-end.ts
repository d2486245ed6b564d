import { and, eq, isNotNull } from "drizzle-orm";
import { attempts } from "@/db/schema";
import type { Hold, WorkerContext } from "./context";

/**
 * Whether the attempt's end was committed, whoever has the run since: undefined when it was, null when
 * it was not.
 */
export async function findEnd(context: WorkerContext, hold: Hold): Promise<undefined | null> {
  const found = await context.db
    .select({ id: attempts.id })
    .from(attempts)
    .where(and(eq(attempts.id, hold.attemptId), isNotNull(attempts.endedAt)));
  return found.length > 0 ? undefined : null;
}

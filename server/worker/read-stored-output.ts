import { and, asc, eq, gte, lt, sql } from "drizzle-orm";
import { outputChunks } from "@/db/schema";
import { limits } from "@/server/domain/limits";
import type { Hold, WorkerContext } from "./context";

/** Stored bytes of the attempt between two offsets; for short ranges only. */
export async function readStoredOutput(
  context: WorkerContext,
  hold: Hold,
  stream: "output" | "stderr",
  from: number,
  to: number,
): Promise<Buffer> {
  if (to <= from) return Buffer.alloc(0);
  const rows = await context.db
    .select({ offset: outputChunks.offset, bytes: outputChunks.bytes })
    .from(outputChunks)
    .where(
      and(
        eq(outputChunks.attemptId, hold.attemptId),
        eq(outputChunks.stream, stream),
        gte(outputChunks.offset, sql<number>`${from - limits.outputChunkBytes}`),
        lt(outputChunks.offset, to),
      ),
    )
    .orderBy(asc(outputChunks.offset));
  const parts = rows.map(({ offset, bytes }) =>
    bytes.subarray(Math.max(0, from - offset), Math.max(0, to - offset)),
  );
  return Buffer.concat(parts);
}

import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { pins } from "@/db/schema";
import type { RunId, WorkspaceId } from "@/server/domain/ids";

/** A reader that is killed holds what it read for no longer than this. */
const readerSeconds = 120;

export interface ReadingHold {
  /** Says that the reading still goes on; cheap, and silent while there is time left. */
  goOn(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Keeps cleanups away from a run's output or a workspace while it is read. The pin's foreign key waits
 * for a cleanup that has locked the row already: read after this, never before.
 */
export async function holdForReading(
  db: Executor,
  target: { runId: RunId } | { workspaceId: WorkspaceId },
): Promise<ReadingHold> {
  const id = randomUUID();
  let untilMs = Date.now() + readerSeconds * 1000;
  await db.insert(pins).values({
    ...{ id, kind: "reader", createdBy: "reader", createdAt: new Date() },
    ...{ until: new Date(untilMs), workspaceId: null, runId: null, ...target },
  });
  return {
    goOn: async () => {
      if (untilMs - Date.now() > (readerSeconds * 1000) / 2) return;
      untilMs = Date.now() + readerSeconds * 1000;
      await db
        .update(pins)
        .set({ until: new Date(untilMs) })
        .where(eq(pins.id, id));
    },
    release: async () => {
      await db.delete(pins).where(eq(pins.id, id));
    },
  };
}

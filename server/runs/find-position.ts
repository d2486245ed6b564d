import type { Database } from "@/db/client";
import { findLastEventId } from "./event-bus";

/** Where a stream must begin that is to miss nothing after what was read before it. */
export async function findPosition(db: Database): Promise<{ lastEventId: number }> {
  return { lastEventId: await findLastEventId(db) };
}

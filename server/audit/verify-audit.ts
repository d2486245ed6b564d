import { asc, gt } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { auditLog } from "@/db/schema";
import { hashAuditEntry } from "./hash-audit-entry";

const batchSize = 1_000;

export interface AuditProof {
  entries: number;
  /** The first entry that was changed, or whose forerunner was changed or removed. */
  firstBrokenId: number | null;
}

/** Reads the whole log and recomputes its chain. */
export async function verifyAudit(db: Executor): Promise<AuditProof> {
  let previousHash = "";
  let entries = 0;
  let lastId = 0;
  for (;;) {
    const rows = await db
      .select()
      .from(auditLog)
      .where(gt(auditLog.id, lastId))
      .orderBy(asc(auditLog.id))
      .limit(batchSize);
    for (const row of rows) {
      const isWhole = row.previousHash === previousHash && row.hash === hashAuditEntry(row);
      if (!isWhole) return { entries, firstBrokenId: row.id };
      previousHash = row.hash;
      lastId = row.id;
      entries += 1;
    }
    if (rows.length < batchSize) return { entries, firstBrokenId: null };
  }
}

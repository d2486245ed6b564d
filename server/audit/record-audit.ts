import { sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { auditLog } from "@/db/schema";
import { type Actor, nameActor } from "@/server/domain/actor";
import { hashAuditEntry, toStorableFacts } from "./hash-audit-entry";

export interface AuditRecord {
  actor: Actor;
  /** Noun and verb, e.g. `run.started`. */
  action: string;
  /** What it was done to, e.g. `run:<id>`. */
  target: string;
  /** Before and after, as data. Never secrets, never long texts. */
  facts: Record<string, unknown>;
  now: Date;
}

/**
 * Appends one entry to the audit log, chained to the one before it, in the caller's transaction. It
 * holds a lock until the commit: call it late, and always before `appendEvent`, so that two
 * transactions never wait for one another.
 */
export async function recordAudit(tx: Transaction, record: AuditRecord): Promise<void> {
  const { rows } = await tx.execute<{ hash: string | null }>(sql`select lock_audit_log() as hash`);
  const entry = {
    previousHash: rows[0]?.hash ?? "",
    at: record.now,
    actor: nameActor(record.actor),
    action: record.action,
    target: record.target,
    facts: toStorableFacts({ ...record.facts, ...identify(record.actor) }),
  };
  await tx.insert(auditLog).values({ ...entry, hash: hashAuditEntry(entry) });
}

/** A name may change hands; an id does not. */
function identify(actor: Actor): Record<string, string> {
  return "id" in actor ? { actorId: actor.id } : {};
}

import { createHash } from "node:crypto";

export interface AuditEntry {
  previousHash: string;
  at: Date;
  actor: string;
  action: string;
  target: string;
  facts: Record<string, unknown>;
}

/** The link of the chain: covers the entry and, through `previousHash`, all entries before it. */
export function hashAuditEntry(entry: AuditEntry): string {
  const { previousHash, at, actor, action, target, facts } = entry;
  const text = JSON.stringify([previousHash, at.toISOString(), actor, action, target, sort(facts)]);
  return createHash("sha256").update(text).digest("hex");
}

/** Facts as PostgreSQL's jsonb gives them back: no dates, no undefined, no text that it refuses. */
export function toStorableFacts(facts: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(facts), (_key, value) =>
    typeof value === "string" ? value.replace(/\0|\p{Surrogate}/gu, "\ufffd") : value,
  );
}

/** Keys in one order: jsonb keeps none. */
function sort(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sort);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, sort(inner)]);
}

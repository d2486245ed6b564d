import { desc, lt } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { auditLog } from "@/db/schema";
import { BadInput } from "@/server/domain/errors";
import { limits } from "@/server/domain/limits";
import { parseInput } from "@/server/domain/parse-input";

export const auditViewSchema = z.object({
  id: z.number().int(),
  at: z.date(),
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  facts: z.record(z.string(), z.unknown()),
});
export type AuditView = z.infer<typeof auditViewSchema>;

export const listAuditInputSchema = z.strictObject({
  cursor: z.string().max(1000).nullish(),
  limit: z.int().min(1).max(limits.maxPageSize).default(limits.pageSize),
});

/** The newest entries first. @throws BadInput for a cursor that is not one of ours. */
export async function listAudit(
  db: Executor,
  input: z.input<typeof listAuditInputSchema>,
): Promise<{ items: AuditView[]; nextCursor: string | null }> {
  const { cursor, limit } = parseInput(listAuditInputSchema, input);
  const rows = await db
    .select({
      id: auditLog.id,
      at: auditLog.at,
      actor: auditLog.actor,
      action: auditLog.action,
      target: auditLog.target,
      facts: auditLog.facts,
    })
    .from(auditLog)
    .where(cursor ? lt(auditLog.id, parseCursor(cursor)) : undefined)
    .orderBy(desc(auditLog.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? String(items.at(-1)?.id) : null };
}

function parseCursor(cursor: string): number {
  const id = /^\d{1,15}$/.test(cursor) ? Number(cursor) : Number.NaN;
  if (!Number.isSafeInteger(id)) {
    throw new BadInput("This cursor is not one of ours.", { fields: { cursor: "Not a cursor." } });
  }
  return id;
}

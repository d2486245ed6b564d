import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { cleanups } from "@/db/schema";
import type { CleanupView } from "@/server/domain/cleanup";
import { parseInput } from "@/server/domain/parse-input";
import {
  createdKeySchema,
  cutPage,
  type Page,
  pageFields,
  readPageCursor,
} from "@/server/runs/page-cursor";
import { readCleanupViews } from "./read-cleanup-views";

export const listCleanupsInputSchema = z.strictObject(pageFields);

/** One page of cleanups, dry runs included, newest first. @throws BadInput */
export async function listCleanups(
  db: Executor,
  input: z.input<typeof listCleanupsInputSchema>,
): Promise<Page<CleanupView>> {
  const { cursor, limit } = parseInput(listCleanupsInputSchema, input);
  const after = readPageCursor(createdKeySchema, cursor);
  const where = after
    ? sql`(${cleanups.startedAt}, ${cleanups.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
    : undefined;
  const rows = await readCleanupViews(db, { where, limit: limit + 1 });
  return cutPage(rows, limit, (cleanup) => [cleanup.startedAt.toISOString(), cleanup.id]);
}

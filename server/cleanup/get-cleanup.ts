import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { cleanups } from "@/db/schema";
import type { CleanupView } from "@/server/domain/cleanup";
import { NotFound } from "@/server/domain/errors";
import { parseInput } from "@/server/domain/parse-input";
import { readCleanupViews } from "./read-cleanup-views";

export const cleanupKeySchema = z.strictObject({ id: z.guid() });
export type CleanupKey = z.input<typeof cleanupKeySchema>;

/** @throws NotFound */
export async function getCleanup(db: Executor, input: CleanupKey): Promise<CleanupView> {
  const { id } = parseInput(cleanupKeySchema, input);
  const [view] = await readCleanupViews(db, { where: eq(cleanups.id, id), limit: 1 });
  if (!view) throw new NotFound("cleanup", id);
  return view;
}

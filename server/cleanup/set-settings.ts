import type { z } from "zod";
import { cleanupSettings } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { findDue } from "@/server/domain/find-due";
import { parseInput } from "@/server/domain/parse-input";
import type { VerbContext } from "@/server/runs/context";
import { type CleanupSettings, cleanupSettingsSchema, readSettings } from "./read-settings";

export const setSettingsInputSchema = cleanupSettingsSchema.partial().strict();

/** Changes when cleanups begin by themselves and how full disks may get; what is left out stays. */
export async function setSettings(
  { db, actor, now }: VerbContext,
  input: z.input<typeof setSettingsInputSchema>,
): Promise<CleanupSettings> {
  const changes = parseInput(setSettingsInputSchema, input);
  await db.transaction(async (tx) => {
    const before = await readSettings(tx);
    const after = { ...before, ...changes };
    // The time of day that has passed is not made up for: the next one is the first.
    const row = { ...after, scheduledFor: findDue(after.at, now) };
    await tx
      .insert(cleanupSettings)
      .values(row)
      .onConflictDoUpdate({ target: cleanupSettings.isOnly, set: row });
    const facts = { before, after };
    await recordAudit(tx, {
      ...{ actor, action: "cleanup_settings.changed", target: "installation", facts, now },
    });
  });
  return readSettings(db);
}

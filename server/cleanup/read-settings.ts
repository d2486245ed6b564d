import { z } from "zod";
import type { Executor } from "@/db/client";
import { cleanupSettings } from "@/db/schema";
import { cleanupModes } from "@/server/domain/cleanup";
import { defaultMinFreeBytes } from "@/server/domain/disk";
import { timeOfDayPattern } from "@/server/domain/find-due";

export const cleanupSettingsSchema = z.object({
  mode: z.enum(cleanupModes),
  /** Time of day, UTC. */
  at: z.string().regex(timeOfDayPattern, "A time such as 03:00."),
  /** Below this a host takes no new run. */
  minFreeBytes: z.int().min(0),
  /** Of all stored output together; null is no limit. */
  maxTotalOutputBytes: z.int().min(0).nullable(),
});
export type CleanupSettings = z.infer<typeof cleanupSettingsSchema>;

/** The settings, or the defaults of an installation that has none yet. */
export async function readSettings(db: Executor): Promise<CleanupSettings> {
  const [row] = await db
    .select({
      mode: cleanupSettings.mode,
      at: cleanupSettings.at,
      minFreeBytes: cleanupSettings.minFreeBytes,
      maxTotalOutputBytes: cleanupSettings.maxTotalOutputBytes,
    })
    .from(cleanupSettings);
  return row ?? defaults;
}

const defaults: CleanupSettings = {
  mode: "report",
  at: "03:00",
  minFreeBytes: defaultMinFreeBytes,
  maxTotalOutputBytes: null,
};

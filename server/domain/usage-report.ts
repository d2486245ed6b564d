import { z } from "zod";

/** By what usage can be added up. `person`: who asked for the run, as it stands there. */
export const usageGroups = [
  "day",
  "workflow",
  "repository",
  "session",
  "agent",
  "model",
  "person",
] as const;
export const usageGroupSchema = z.enum(usageGroups);
export type UsageGroup = z.infer<typeof usageGroupSchema>;

/** A sum over attempts. Null: nothing is known; what is not known is counted, never taken for 0. */
const usageSumSchema = z.object({
  runs: z.number().int(),
  attempts: z.number().int(),
  inputTokens: z.number().int().nullable(),
  outputTokens: z.number().int().nullable(),
  cachedTokens: z.number().int().nullable(),
  costUsd: z.number().nullable(),
  /** Runs of whose cost some part, or all, is unknown. */
  unknownCostRuns: z.number().int(),
  unknownTokenRuns: z.number().int(),
});
export type UsageSum = z.infer<typeof usageSumSchema>;

export const usageReportSchema = z.object({
  by: usageGroupSchema,
  /** Days of UTC, both counted in. */
  since: z.string(),
  until: z.string(),
  total: usageSumSchema,
  /** Every day on which something was used, in order. */
  days: z.array(usageSumSchema.extend({ day: z.string() })),
  /** The largest first; `name` is what people call it. */
  groups: z.array(usageSumSchema.extend({ key: z.string().nullable(), name: z.string() })),
  /** There are more groups than these. */
  isCut: z.boolean(),
});
export type UsageReport = z.infer<typeof usageReportSchema>;

export const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const dayMs = 24 * 3600_000;

/** The day of UTC, as “2026-01-31”. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** So many days later; earlier with a number below 0. */
export function addDays(day: string, days: number): string {
  return dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs));
}

/** All days from one to another, both counted in. */
export function listDays(since: string, until: string): string[] {
  const count = Math.round((Date.parse(until) - Date.parse(since)) / dayMs) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => addDays(since, index));
}

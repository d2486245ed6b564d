import { z } from "zod";

/** What retention means for a workspace. */
export const dueSchema = z.object({
  workspaceId: z.string(),
  /** `kept`: not due. `due`: the next cleanup removes it. `blocked`: due, but not safe. */
  standing: z.enum(["kept", "due", "blocked", "removed_by_policy", "removed_by_hand"]),
  /** When it becomes due, where its age decides. */
  until: z.date().nullable(),
  why: z.string(),
  isPinned: z.boolean(),
});
export type Due = z.infer<typeof dueSchema>;

/** What a host's disk holds and where it is heading. */
export const diskViewSchema = z.object({
  worker: z.string(),
  host: z.string(),
  isAlive: z.boolean(),
  home: z.string(),
  at: z.date(),
  totalBytes: z.number().int(),
  freeBytes: z.number().int(),
  freeInodes: z.number().int().nullable(),
  /** Below this the host takes no new run. */
  minFreeBytes: z.number().int(),
  shortage: z
    .object({ of: z.enum(["bytes", "inodes"]), free: z.number(), wanted: z.number() })
    .nullable(),
  forecast: z
    .object({
      bytesPerDay: z.number(),
      daysLeft: z.number().nullable(),
      overDays: z.number(),
    })
    .nullable(),
  /** Of what a cleanup could find: measured workspaces on this host. */
  workspaces: z.object({ count: z.number().int(), bytes: z.number().int() }),
});
export type DiskView = z.infer<typeof diskViewSchema>;

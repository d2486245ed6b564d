import { z } from "zod";

/** As what a run's work comes back; a patch is only ever downloaded and leaves nothing behind. */
const restoreWays = ["workspace", "branch"] as const;
export const restoreWaySchema = z.enum(restoreWays);
export type RestoreWay = z.infer<typeof restoreWaySchema>;

/** `asked`: what is to be made may be half there. `done`: it is there. */
export type RestoreState = "asked" | "done";

/** A point of a run's work: a commit id of at least seven digits, or the number of a snapshot. */
export const restorePointSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^(?:[0-9a-f]{7,64}|[1-9]\d{0,5})$/,
    "Give a commit id of at least seven digits, or the number of a snapshot.",
  );

export const restoreViewSchema = z.object({
  id: z.string(),
  way: restoreWaySchema,
  run: z.object({ id: z.string(), number: z.number().int() }),
  sha: z.string(),
  branch: z.string(),
  /** The new workspace, and the session whose runs work in it; null for a branch. */
  workspace: z
    .object({ id: z.string(), path: z.string().nullable(), sessionId: z.string().nullable() })
    .nullable(),
  askedBy: z.string(),
  askedAt: z.date(),
});
export type RestoreView = z.infer<typeof restoreViewSchema>;

/** A name nobody else uses: ours begin with “coppice/”. The number tells several of one point apart. */
export function nameRestoredBranch(run: number, sha: string, earlier: number): string {
  const name = `coppice/restored/${run}-${sha.slice(0, 8)}`;
  return earlier === 0 ? name : `${name}-${earlier + 1}`;
}

import { z } from "zod";

/** Who made a commit of a run. */
const commitOrigins = ["agent", "snapshot", "merge"] as const;
export const commitOriginSchema = z.enum(commitOrigins);
export type CommitOrigin = z.infer<typeof commitOriginSchema>;

/** Where a commit can be found now. */
const commitWhereabouts = ["merged", "pushed", "only_here", "keep_ref"] as const;
export const commitWhereaboutsSchema = z.enum(commitWhereabouts);
export type CommitWhereabouts = z.infer<typeof commitWhereaboutsSchema>;

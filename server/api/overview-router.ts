import { getOverview, overviewSchema } from "@/server/overview/get-overview";
import { router, viewerProcedure } from "./trpc";

export const overviewRouter = router({
  get: viewerProcedure
    .output(overviewSchema)
    .query(({ ctx }) => getOverview(ctx.db, ctx.actor, ctx.now)),
});

import { usageReportSchema } from "@/server/domain/usage-report";
import { readUsage, readUsageInputSchema } from "@/server/usage/read-usage";
import { rest } from "./rest-meta";
import { router, viewerProcedure } from "./trpc";

export const usageRouter = router({
  read: viewerProcedure
    .meta(
      rest("GET", "/usage", "Tokens and money that agents used, by day and by what is asked for"),
    )
    .input(readUsageInputSchema)
    .output(usageReportSchema)
    .query(({ ctx, input }) => readUsage(ctx.db, input, ctx.now)),
});

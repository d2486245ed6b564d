import { searchHitSchema } from "@/server/domain/views";
import { findRuns, findRunsInputSchema } from "@/server/search/find-runs";
import { rest } from "./rest-meta";
import { itemsOf } from "./shapes";
import { router, viewerProcedure } from "./trpc";

export const searchRouter = router({
  find: viewerProcedure
    .meta(
      rest("GET", "/search", "The runs to which an id, sha, branch, path, pid or #number leads"),
    )
    .input(findRunsInputSchema)
    .output(itemsOf(searchHitSchema))
    .query(({ ctx, input }) => findRuns(ctx.db, input)),
});

import { workerViewSchema } from "@/server/domain/views";
import { listWorkers } from "@/server/workers/list-workers";
import { rest } from "./rest-meta";
import { itemsOf } from "./shapes";
import { router, viewerProcedure } from "./trpc";

export const workersRouter = router({
  list: viewerProcedure
    .meta(rest("GET", "/workers", "The workers and what they found on their hosts"))
    .output(itemsOf(workerViewSchema))
    .query(({ ctx }) => listWorkers(ctx.db, ctx.now)),
});

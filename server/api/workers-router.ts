import { z } from "zod";
import { recoveryReportViewSchema } from "@/server/domain/recovery";
import { workerViewSchema } from "@/server/domain/views";
import { declareHostLost, declareHostLostInputSchema } from "@/server/workers/declare-host-lost";
import { drainWorker, drainWorkerInputSchema } from "@/server/workers/drain-worker";
import { getWorker, getWorkerInputSchema } from "@/server/workers/get-worker";
import {
  hostLostLimitSchema,
  readHostLostLimit,
  setHostLostLimit,
} from "@/server/workers/host-lost-limit";
import {
  listRecoveryReports,
  listRecoveryReportsInputSchema,
} from "@/server/workers/list-recovery-reports";
import { listWaiting, waitingRunSchema } from "@/server/workers/list-waiting";
import { listWorkers } from "@/server/workers/list-workers";
import { setCapacity, setCapacityInputSchema } from "@/server/workers/set-capacity";
import { undrainWorker, undrainWorkerInputSchema } from "@/server/workers/undrain-worker";
import { rest } from "./rest-meta";
import { itemsOf, pageOf } from "./shapes";
import { adminProcedure, router, viewerProcedure } from "./trpc";

export const workersRouter = router({
  list: viewerProcedure
    .meta(rest("GET", "/workers", "The workers and what they found on their hosts"))
    .output(itemsOf(workerViewSchema))
    .query(({ ctx }) => listWorkers(ctx.db)),

  get: viewerProcedure
    .meta(rest("GET", "/workers/{name}", "A worker"))
    .input(getWorkerInputSchema)
    .output(workerViewSchema)
    .query(({ ctx, input }) => getWorker(ctx.db, input)),

  waiting: viewerProcedure
    .meta(rest("GET", "/workers/{name}/waiting", "Queued runs that only this worker can take"))
    .input(getWorkerInputSchema)
    .output(itemsOf(waitingRunSchema))
    .query(({ ctx, input }) => listWaiting(ctx.db, input)),

  recoveryReports: viewerProcedure
    .meta(rest("GET", "/recovery-reports", "What workers found at their starts, newest first"))
    .input(listRecoveryReportsInputSchema)
    .output(pageOf(recoveryReportViewSchema))
    .query(({ ctx, input }) => listRecoveryReports(ctx.db, input)),

  drain: adminProcedure
    .meta(rest("POST", "/workers/{name}/drain", "Have a worker take no new run; its agents go on"))
    .input(drainWorkerInputSchema)
    .output(workerViewSchema)
    .mutation(async ({ ctx, input }) => {
      await drainWorker(ctx, input);
      return getWorker(ctx.db, { name: input.name });
    }),

  undrain: adminProcedure
    .meta(rest("POST", "/workers/{name}/undrain", "Let a drained worker take runs again"))
    .input(undrainWorkerInputSchema)
    .output(workerViewSchema)
    .mutation(async ({ ctx, input }) => {
      await undrainWorker(ctx, input);
      return getWorker(ctx.db, input);
    }),

  setCapacity: adminProcedure
    .meta(rest("POST", "/workers/{name}/capacity", "Set how many runs a worker carries at once"))
    .input(setCapacityInputSchema)
    .output(workerViewSchema)
    .mutation(async ({ ctx, input }) => {
      await setCapacity(ctx, input);
      return getWorker(ctx.db, { name: input.name });
    }),

  declareLost: adminProcedure
    .meta(rest("POST", "/workers/{name}/lost", "Declare the host of a worker lost"))
    .input(declareHostLostInputSchema)
    .output(
      z.object({
        worker: workerViewSchema,
        moved: z.number().int(),
        waiting: z.number().int(),
        ended: z.number().int(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const became = await declareHostLost(ctx, input);
      return { worker: await getWorker(ctx.db, { name: input.name }), ...became };
    }),

  lostLimit: viewerProcedure
    .meta(rest("GET", "/settings/host-lost-limit", "When a silent host is declared lost by itself"))
    .output(hostLostLimitSchema)
    .query(({ ctx }) => readHostLostLimit(ctx.db)),

  setLostLimit: adminProcedure
    .meta(rest("POST", "/settings/host-lost-limit", "Set when a silent host is declared lost"))
    .input(hostLostLimitSchema)
    .output(hostLostLimitSchema)
    .mutation(({ ctx, input }) => setHostLostLimit(ctx, input)),
});

import { workEntryViewSchema, workSummarySchema } from "@/server/domain/work";
import { acceptLoss, acceptLossInputSchema, changedWorkSchema } from "@/server/ledger/accept-loss";
import { countWorkAtRisk } from "@/server/ledger/count-work-at-risk";
import { listWork, listWorkInputSchema } from "@/server/ledger/list-work";
import { withdrawLoss, withdrawLossInputSchema } from "@/server/ledger/withdraw-loss";
import { rest } from "./rest-meta";
import { keySchema, pageOf } from "./shapes";
import { operatorProcedure, router, viewerProcedure } from "./trpc";

export const workRouter = router({
  list: viewerProcedure
    .meta(rest("GET", "/work", "The work ledger: commits, snapshots, leftovers, newest first"))
    .input(listWorkInputSchema.extend({ run: keySchema.optional() }))
    .output(pageOf(workEntryViewSchema))
    .query(({ ctx, input }) => listWork(ctx.db, input, ctx.now)),

  summary: viewerProcedure
    .meta(rest("GET", "/work/summary", "How much work exists in one place only"))
    .output(workSummarySchema)
    .query(({ ctx }) => countWorkAtRisk(ctx.db)),

  letGo: operatorProcedure
    .meta(rest("POST", "/work/let-go", "Say of work at risk that it may be lost"))
    .input(acceptLossInputSchema)
    .output(changedWorkSchema)
    .mutation(({ ctx, input }) => acceptLoss(ctx, input)),

  takeBack: operatorProcedure
    .meta(rest("POST", "/work/take-back", "Take back that work may be lost"))
    .input(withdrawLossInputSchema)
    .output(changedWorkSchema)
    .mutation(({ ctx, input }) => withdrawLoss(ctx, input)),
});

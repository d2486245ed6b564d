import { auditViewSchema, listAudit, listAuditInputSchema } from "@/server/audit/list-audit";
import { rest } from "./rest-meta";
import { pageOf } from "./shapes";
import { adminProcedure, router } from "./trpc";

export const auditRouter = router({
  list: adminProcedure
    .meta(rest("GET", "/audit", "Who did what, newest first"))
    .input(listAuditInputSchema)
    .output(pageOf(auditViewSchema))
    .query(({ ctx, input }) => listAudit(ctx.db, input)),
});

import { askForFix, askForFixInputSchema } from "@/server/differences/ask-for-fix";
import { checkHosts } from "@/server/differences/check-hosts";
import { getDoctorReport } from "@/server/differences/get-doctor-report";
import { doctorReportSchema, fixOutcomeSchema } from "@/server/domain/difference";
import { rest } from "./rest-meta";
import { adminProcedure, operatorProcedure, router, viewerProcedure } from "./trpc";

export const doctorRouter = router({
  report: viewerProcedure
    .meta(rest("GET", "/doctor", "Where database, disks, git, processes and queue disagree"))
    .output(doctorReportSchema)
    .query(({ ctx }) => getDoctorReport(ctx.db, ctx.now)),

  check: operatorProcedure
    .meta(rest("POST", "/doctor/check", "Have every host looked at now"))
    .output(doctorReportSchema)
    .mutation(({ ctx }) => checkHosts(ctx)),

  fix: adminProcedure
    .meta(rest("POST", "/doctor/fix", "Carry out one fix, exactly as the report shows it"))
    .input(askForFixInputSchema)
    .output(fixOutcomeSchema)
    .mutation(({ ctx, input }) => askForFix(ctx, input)),
});

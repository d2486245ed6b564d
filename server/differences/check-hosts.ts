import { recordAudit } from "@/server/audit/record-audit";
import type { DoctorReport } from "@/server/domain/difference";
import { describeError } from "@/server/domain/errors";
import { askHost } from "@/server/host-requests/ask-host";
import type { VerbContext } from "@/server/runs/context";
import { findLiveWorkers } from "@/server/workers/find-live-workers";
import { getDoctorReport } from "./get-doctor-report";

const answerWithinSeconds = 120;

/** Has every living worker look at its host now, and gives the report back with what each found. */
export async function checkHosts(context: VerbContext): Promise<DoctorReport> {
  const { db, actor, now } = context;
  const live = await findLiveWorkers(db, now);
  await db.transaction((tx) =>
    recordAudit(tx, {
      actor,
      action: "doctor.check_asked",
      target: "installation",
      facts: { workers: live.map(({ name }) => name) },
      now,
    }),
  );
  const problems = new Map<string, string>();
  await Promise.all(
    live.map(({ id }) =>
      askHost(context, {
        kind: "doctor_check",
        input: {},
        workerId: id,
        answerWithinSeconds,
      }).catch((error: unknown) => problems.set(id, describeError(error))),
    ),
  );
  return getDoctorReport(db, new Date(), problems);
}

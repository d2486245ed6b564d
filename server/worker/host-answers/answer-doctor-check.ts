import { checkHost } from "@/server/doctor/check-host";
import type { WorkerContext } from "../context";

/** Looks at this host anew, its origins too; what it finds is stored as the worker's report. */
export async function answerDoctorCheck(context: WorkerContext): Promise<Record<string, unknown>> {
  const { counts } = await checkHost(context, { asksOrigins: "all" });
  return { counts };
}

import { checkHost } from "@/server/doctor/check-host";
import { fixDifference, fixDifferenceInputSchema } from "@/server/doctor/fix-difference";
import type { WorkerContext } from "../context";

/** Carries out one fix as it was shown, then looks again, so that the report tells what is left. */
export async function answerDoctorFix(
  context: WorkerContext,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const done = await fixDifference(context, fixDifferenceInputSchema.parse(input));
  for (const line of done) context.log(`doctor: ${line}`);
  await checkHost(context);
  return { done };
}

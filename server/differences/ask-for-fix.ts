import { z } from "zod";
import { recordAudit } from "@/server/audit/record-audit";
import { type FixOutcome, fixActionSchema, fixOutcomeSchema } from "@/server/domain/difference";
import { Conflict, DomainError } from "@/server/domain/errors";
import { workerIdSchema } from "@/server/domain/ids";
import { parseInput } from "@/server/domain/parse-input";
import { askHost } from "@/server/host-requests/ask-host";
import type { VerbContext } from "@/server/runs/context";
import { getDoctorReport } from "./get-doctor-report";

export const askForFixInputSchema = z.strictObject({
  key: z.string().min(1).max(2000),
  action: fixActionSchema,
  /** What the difference says this fix would do: nothing else will be done. */
  steps: z.array(z.string().max(2000)).min(1).max(10_000),
});

const answerWithinSeconds = 300;

/**
 * Has the worker of its host carry out a fix exactly as it was shown. The worker looks anew first.
 * @throws Conflict when the difference or this fix of it is gone, or it would now be another; Unavailable
 *   when the host's worker is away.
 */
export async function askForFix(
  context: VerbContext,
  input: z.input<typeof askForFixInputSchema>,
): Promise<FixOutcome> {
  const wish = parseInput(askForFixInputSchema, input);
  const { differences } = await getDoctorReport(context.db, context.now);
  const found = differences.find(({ key }) => key === wish.key);
  if (!found) {
    throw new Conflict("This difference is gone; there is nothing to fix.", {
      hint: "Check again to see how things stand.",
    });
  }
  const target = `difference:${wish.key}`;
  const facts = { kind: found.kind, fix: wish.action, subject: found.subject };
  await note(context, "doctor.fix_asked", target, { ...facts, steps: wish.steps });
  try {
    const answer = await askHost(context, {
      kind: "doctor_fix",
      input: wish,
      // What is in the database alone can be mended by any worker.
      workerId: workerIdSchema.nullable().parse(found.workerId),
      answerWithinSeconds,
    });
    const outcome = fixOutcomeSchema.parse(answer);
    await note(context, "doctor.fixed", target, { ...facts, done: outcome.done });
    return outcome;
  } catch (error) {
    if (error instanceof DomainError) {
      await note(context, "doctor.fix_refused", target, { ...facts, why: error.message });
    }
    throw error;
  }
}

function note(
  { db, actor }: VerbContext,
  action: string,
  target: string,
  facts: Record<string, unknown>,
): Promise<void> {
  return db.transaction((tx) => recordAudit(tx, { actor, action, target, facts, now: new Date() }));
}

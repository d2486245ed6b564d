import { and, asc, eq, inArray, isNull, or } from "drizzle-orm";
import { isDatabaseAway } from "@/db/errors";
import { hostRequests } from "@/db/schema";
import { DomainError, describeError } from "@/server/domain/errors";
import type { HostRefusal, HostRequestKind } from "@/server/domain/host-request";
import type { WorkerContext } from "./context";
import { answerAuditWorkspace } from "./host-answers/answer-audit-workspace";
import { answerDiffRun } from "./host-answers/answer-diff-run";
import { answerDoctorCheck } from "./host-answers/answer-doctor-check";
import { answerDoctorFix } from "./host-answers/answer-doctor-fix";
import { answerInspectOrigin } from "./host-answers/answer-inspect-origin";
import { answerLookAtConfig } from "./host-answers/answer-look-at-config";
import { answerPreviewDelivery } from "./host-answers/answer-preview-delivery";
import { answerRemoveWorkspace } from "./host-answers/answer-remove-workspace";
import { answerRestorePatch } from "./host-answers/answer-restore-patch";
import { answerRestoreRun } from "./host-answers/answer-restore-run";
import { answerRestoreWorkspace } from "./host-answers/answer-restore-workspace";

type Answer = (
  context: WorkerContext,
  input: Record<string, unknown>,
) => Promise<Record<string, unknown>>;

const answers: Record<HostRequestKind, Answer> = {
  inspect_origin: answerInspectOrigin,
  diff_run: answerDiffRun,
  look_at_config: answerLookAtConfig,
  remove_workspace: answerRemoveWorkspace,
  audit_workspace: answerAuditWorkspace,
  restore_run: answerRestoreRun,
  restore_workspace: answerRestoreWorkspace,
  restore_patch: answerRestorePatch,
  doctor_check: answerDoctorCheck,
  doctor_fix: answerDoctorFix,
  preview_delivery: answerPreviewDelivery,
};

/** Workers that took a request and could not write what came of it. */
const cutOff = new WeakSet<WorkerContext>();

/** Answers what the web asks of this host, one request after another, until there is none left. */
export async function answerHostRequests(context: WorkerContext): Promise<void> {
  if (cutOff.has(context)) {
    await askAgainAfterRestart(context);
    cutOff.delete(context);
  }
  for (;;) {
    const request = await takeRequest(context);
    if (!request) return;
    await answerRequest(context, request);
  }
}

async function takeRequest(context: WorkerContext) {
  return context.db.transaction(async (tx) => {
    const [request] = await tx
      .select()
      .from(hostRequests)
      .where(
        and(
          eq(hostRequests.status, "asked"),
          or(isNull(hostRequests.workerId), eq(hostRequests.workerId, context.worker.id)),
        ),
      )
      .orderBy(asc(hostRequests.askedAt))
      .limit(1)
      .for("update", { skipLocked: true });
    if (!request) return null;
    await tx
      .update(hostRequests)
      .set({ status: "taken", takenAt: new Date(), workerId: context.worker.id })
      .where(eq(hostRequests.id, request.id));
    return request;
  });
}

async function answerRequest(
  context: WorkerContext,
  request: typeof hostRequests.$inferSelect,
): Promise<void> {
  const end = (status: "answered" | "refused", answer: Record<string, unknown>) =>
    context.db
      .update(hostRequests)
      .set({ status, answer, endedAt: new Date() })
      .where(eq(hostRequests.id, request.id));
  try {
    await end("answered", await answers[request.kind](context, request.input));
  } catch (error) {
    // The work may be half done and nobody can be told: it is done again, as after a restart.
    if (isDatabaseAway(error)) {
      cutOff.add(context);
      throw error;
    }
    if (!(error instanceof DomainError)) context.log(`host request: ${describeError(error)}`);
    await end("refused", { ...refusalOf(error) });
  }
}

function refusalOf(error: unknown): HostRefusal {
  if (!(error instanceof DomainError)) {
    return { code: "internal", message: `The worker failed: ${describeError(error)}` };
  }
  return {
    code: error.code,
    message: error.message,
    ...(error.hint ? { hint: error.hint } : {}),
    ...(error.fields ? { fields: error.fields } : {}),
  };
}

/** What a worker took and did not answer before it died, or before the database went away. */
export async function askAgainAfterRestart(context: WorkerContext): Promise<void> {
  await context.db
    .update(hostRequests)
    .set({ status: "asked", takenAt: null })
    .where(
      and(inArray(hostRequests.status, ["taken"]), eq(hostRequests.workerId, context.worker.id)),
    );
}

import { and, asc, eq, inArray, isNull, or } from "drizzle-orm";
import { hostRequests } from "@/db/schema";
import { DomainError, describeError } from "@/server/domain/errors";
import type { HostRefusal, HostRequestKind } from "@/server/domain/host-request";
import type { WorkerContext } from "./context";
import { answerDiffRun } from "./host-answers/answer-diff-run";
import { answerInspectOrigin } from "./host-answers/answer-inspect-origin";
import { answerRemoveWorkspace } from "./host-answers/answer-remove-workspace";

type Answer = (
  context: WorkerContext,
  input: Record<string, unknown>,
) => Promise<Record<string, unknown>>;

const answers: Record<HostRequestKind, Answer> = {
  inspect_origin: answerInspectOrigin,
  diff_run: answerDiffRun,
  remove_workspace: answerRemoveWorkspace,
};

/** Answers what the web asks of this host, one request after another, until there is none left. */
export async function answerHostRequests(context: WorkerContext): Promise<void> {
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

/** What a worker took and did not answer before it died: asked again of its successor. */
export async function askAgainAfterRestart(context: WorkerContext): Promise<void> {
  await context.db
    .update(hostRequests)
    .set({ status: "asked", takenAt: null })
    .where(
      and(inArray(hostRequests.status, ["taken"]), eq(hostRequests.workerId, context.worker.id)),
    );
}

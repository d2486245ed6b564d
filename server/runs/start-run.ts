import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { violatedConstraint } from "@/db/errors";
import { repositories, runs, workflows, workflowVersions } from "@/db/schema";
import { recordAudit } from "@/server/audit/record-audit";
import { nameActor } from "@/server/domain/actor";
import { crashAt } from "@/server/domain/crash-points";
import { Conflict } from "@/server/domain/errors";
import { type RunId, runIdSchema } from "@/server/domain/ids";
import { limits } from "@/server/domain/limits";
import { parseInput } from "@/server/domain/parse-input";
import { type Jobs, producerOf } from "@/server/jobs/jobs";
import { sendRunJob } from "@/server/jobs/send-run-job";
import { appendEvent } from "./append-event";
import { checkAgentIsInstalled } from "./check-agent-is-installed";
import type { VerbContext } from "./context";
import { openSessionForRun, type RunSession } from "./open-session-for-run";
import { type RunRecipe, resolveRecipe } from "./resolve-recipe";
import { type StartRunInput, startRunInputSchema } from "./start-run-input";

/** Where a run that repeats another one comes from. */
export interface RerunSource {
  rerunOf: RunId;
  workflowVersion: number;
}

/**
 * Accepts a run: its row, its first event and its job commit together or not at all. The same
 * idempotency key gives back the first run.
 * @throws BadInput, NotFound (workflow, repository, session), Unprocessable (no worker has the agent),
 *   Conflict (the key was used for another request).
 */
export async function startRun(
  context: VerbContext,
  input: StartRunInput,
  source?: RerunSource,
): Promise<{ runId: RunId; isRepeated: boolean }> {
  const parsed = parseInput(startRunInputSchema, input);
  const repeated = await findRepeated(context, parsed);
  if (repeated) return { runId: repeated, isRepeated: true };
  const jobs = await producerOf(context.db);
  try {
    const runId = await context.db.transaction((tx) =>
      insertRun({ ...context, tx, jobs }, parsed, source),
    );
    await crashAt("after:insert");
    return { runId, isRepeated: false };
  } catch (error) {
    if (violatedConstraint(error) !== "runs_idempotency_key") throw error;
    const first = await findRepeated(context, parsed);
    if (!first) throw error;
    return { runId: first, isRepeated: true };
  }
}

async function findRepeated(context: VerbContext, input: StartRunInput): Promise<RunId | null> {
  if (!input.idempotencyKey) return null;
  const [first] = await context.db
    .select({
      id: runs.id,
      message: runs.message,
      repository: repositories.name,
      workflow: workflows.name,
    })
    .from(runs)
    .innerJoin(repositories, eq(repositories.id, runs.repositoryId))
    .innerJoin(workflowVersions, eq(workflowVersions.id, runs.workflowVersionId))
    .innerJoin(workflows, eq(workflows.id, workflowVersions.workflowId))
    .where(eq(runs.idempotencyKey, input.idempotencyKey));
  if (!first) return null;
  const isSame =
    first.message === input.message &&
    first.workflow === input.workflow &&
    first.repository === input.repository;
  if (!isSame) {
    throw new Conflict("This idempotency key was used for another request.", {
      hint: "Use a new key for a new request.",
      facts: { runId: first.id },
    });
  }
  return first.id;
}

interface Insertion extends VerbContext {
  tx: Transaction;
  jobs: Jobs;
}

async function insertRun(
  context: Insertion,
  input: StartRunInput,
  source: RerunSource | undefined,
): Promise<RunId> {
  const { tx, now, actor } = context;
  const recipe = await resolveRecipe(tx, input, source?.workflowVersion);
  await checkAgentIsInstalled(tx, recipe.definition, now);
  const runId = runIdSchema.parse(randomUUID());
  const number = await nextRunNumber(tx);
  const session = await openSessionForRun(tx, { recipe, input, number, actor, now });
  const job = await sendRunJob(context.jobs, tx, {
    runId,
    workspaceId: session.workspaceId,
    workerName: session.workerName,
    priority: input.priority ?? 0,
    availableAt: null,
  });
  await tx.insert(runs).values({
    ...runRow(recipe, session, input, number),
    id: runId,
    jobId: job.jobId,
    jobQueue: job.queue,
    rerunOf: source?.rerunOf ?? null,
    createdBy: nameActor(actor),
    createdAt: now,
    statusSince: now,
    availableAt: now,
  });
  await recordAudit(tx, {
    actor,
    action: "run.started",
    target: `run:${runId}`,
    facts: {
      number,
      workflow: recipe.workflowName,
      repository: recipe.repository.name,
      ...(source ? { rerunOf: source.rerunOf } : {}),
    },
    now,
  });
  await appendEvent(tx, {
    runId,
    kind: "status_changed",
    actor: nameActor(actor),
    data: { from: null, to: "queued" },
    now,
  });
  return runId;
}

function runRow(recipe: RunRecipe, session: RunSession, input: StartRunInput, number: number) {
  const { definition } = recipe;
  return {
    number,
    repositoryId: recipe.repository.id,
    workflowVersionId: recipe.versionId,
    sessionId: session.sessionId,
    agent: definition.agent,
    agentSessionId: session.agentSessionId,
    message: input.message,
    idempotencyKey: input.idempotencyKey ?? null,
    priority: input.priority ?? 0,
    status: "queued" as const,
    waitReason: session.isWorkspaceBusy ? ("workspace_busy" as const) : ("slot" as const),
    workspaceKind: session.workspaceKind,
    workspaceId: session.workspaceId,
    baseRef: input.baseRef ?? null,
    branch: session.branch,
    maxTurns: input.maxTurns ?? definition.maxTurns ?? null,
    timeoutSeconds:
      input.timeoutSeconds ?? definition.timeoutSeconds ?? limits.defaultTimeoutSeconds,
    maxCostUsd: input.maxCostUsd ?? definition.maxCostUsd ?? null,
    maxTokens: input.maxTokens ?? definition.maxTokens ?? null,
    stallSeconds: input.stallSeconds ?? definition.stallSeconds ?? usualStallSeconds(definition),
    maxOutputBytes: input.maxOutputBytes ?? definition.maxOutputBytes ?? limits.defaultOutputBytes,
  };
}

/** A command may be silent for as long as its time limit lets it. */
function usualStallSeconds({ agent }: RunRecipe["definition"]): number | null {
  return agent === "shell" ? null : limits.defaultStallSeconds;
}

async function nextRunNumber(tx: Transaction): Promise<number> {
  const { rows } = await tx.execute<{ number: string }>(
    sql`select nextval(pg_get_serial_sequence('runs', 'number')) as number`,
  );
  return Number(rows[0]?.number);
}

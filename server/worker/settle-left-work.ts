import { and, asc, eq, isNull } from "drizzle-orm";
import { attempts, leftWorkspaces, recoveryEntries, runs, sessions, workspaces } from "@/db/schema";
import { proveDead } from "@/server/agents/prove-dead";
import { describeError } from "@/server/domain/errors";
import { appendEvent } from "@/server/runs/append-event";
import { setAsideWorkspace } from "@/server/workspaces/set-aside-workspace";
import { type WorkerContext, workerActor } from "./context";
import { keepLeftWork } from "./keep-left-work";

/**
 * This worker's host was declared lost and is back: ends what was superseded meanwhile, keeps all work
 * that lies here, and tells what it did. Every step may be repeated.
 * @returns how many could not be put in order, because processes of theirs cannot be ended.
 */
export async function settleLeftWork(
  context: WorkerContext,
  reportId: string | null,
): Promise<number> {
  let left = 0;
  for (const found of await listLeft(context)) {
    const dead = await endSuperseded(found);
    if (!dead.isDead) {
      left += 1;
      const problem = `Processes cannot be ended: ${dead.survivors.join(", ")}.`;
      context.log(`lost host: run #${found.run.number}: ${problem} End them by hand.`);
      await context.db
        .update(leftWorkspaces)
        .set({ problem })
        .where(eq(leftWorkspaces.id, found.left.id));
      continue;
    }
    await settleOne(context, found, reportId);
  }
  return left;
}

export type LeftWork = Awaited<ReturnType<typeof listLeft>>[number];

function listLeft({ db, worker }: WorkerContext) {
  return db
    .select({
      left: leftWorkspaces,
      run: { id: runs.id, number: runs.number, baseCommit: runs.baseCommit, agent: runs.agent },
      branch: sessions.branch,
      sessionId: sessions.id,
      attempt: { controlPath: attempts.controlPath, number: attempts.number },
      workspaceWorkerId: workspaces.workerId,
    })
    .from(leftWorkspaces)
    .innerJoin(runs, eq(runs.id, leftWorkspaces.runId))
    .innerJoin(sessions, eq(sessions.id, runs.sessionId))
    .innerJoin(workspaces, eq(workspaces.id, leftWorkspaces.workspaceId))
    .leftJoin(attempts, eq(attempts.id, leftWorkspaces.attemptId))
    .where(and(eq(leftWorkspaces.workerId, worker.id), isNull(leftWorkspaces.settledAt)))
    .orderBy(asc(leftWorkspaces.leftAt))
    .limit(500);
}

async function endSuperseded({ left, attempt }: LeftWork) {
  if (!left.attemptId || !attempt) return { isDead: true, survivors: [] };
  const mark = { runId: left.runId, attemptId: left.attemptId };
  return proveDead({ controlPath: attempt.controlPath, mark });
}

/** Capture first, database second; nothing is destroyed: a folder only leaves its place. */
async function settleOne(
  context: WorkerContext,
  found: LeftWork,
  reportId: string | null,
): Promise<void> {
  const { left, run } = found;
  const kept = await keepLeftWork(context, found).catch((error: unknown) => ({
    refs: [],
    problem: `Its files could not be stored: ${describeError(error)}.`,
  }));
  const isElsewhere = found.workspaceWorkerId !== context.worker.id;
  const place = isElsewhere
    ? await setAsideWorkspace({ home: context.home, ...left, leftId: left.id })
    : left.path;
  const sentence = describeSettled(context, found, kept, isElsewhere ? place : null);
  await context.db.transaction(async (tx) => {
    const [settled] = await tx
      .update(leftWorkspaces)
      .set({ settledAt: new Date(), keptRefs: kept.refs, problem: kept.problem, path: place })
      .where(and(eq(leftWorkspaces.id, left.id), isNull(leftWorkspaces.settledAt)))
      .returning({ id: leftWorkspaces.id });
    if (!settled) return;
    if (reportId) {
      const entry = { reportId, runId: run.id, attempt: left.attempt, at: new Date(), sentence };
      const workKept = kept.refs.at(-1)?.name ?? null;
      await tx
        .insert(recoveryEntries)
        .values({ ...entry, outcome: "superseded", workKept })
        .onConflictDoNothing();
    }
    await appendEvent(tx, {
      runId: run.id,
      kind: "notice",
      actor: workerActor(context),
      data: { text: sentence, attempt: left.attempt, refs: kept.refs },
      now: new Date(),
    });
  });
  context.log(`lost host: run #${run.number}: ${sentence}`);
}

function describeSettled(
  context: WorkerContext,
  { left }: LeftWork,
  kept: { refs: { name: string }[]; problem: string | null },
  place: string | null,
): string {
  return [
    `${context.worker.host} is back.`,
    left.attemptId ? `The processes of attempt ${left.attempt} are proved dead.` : null,
    kept.refs.length > 0
      ? `What lay there is kept as ${kept.refs.map(({ name }) => name).join(", ")}.`
      : (kept.problem ?? "Nothing lay there that was not kept already."),
    place ? `Its folder was put aside as ${place}.` : null,
  ]
    .filter(Boolean)
    .join(" ");
}

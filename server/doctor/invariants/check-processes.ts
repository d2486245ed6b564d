import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { findMarkedProcesses, type MarkedProcess } from "@/server/agents/find-marked-processes";
import { groupBy } from "@/server/domain/group-by";
import { isTerminal, type RunStatus } from "@/server/domain/run-status";
import { type BrokenInvariant, broken, type Judged } from "./broken-invariant";

const lookAgainMs = 50;
/** A keeper ends by itself in the moment after it has written the exit. */
const farewellMs = 5_000;

interface KnownAttempt extends Record<string, unknown> {
  id: string;
  number: number;
  run_number: string;
  status: RunStatus;
  is_over: boolean;
}

/**
 * I2: a run has at most one living process tree. I4: nothing of an ended run or attempt is alive, its
 * keeper included. What is ending right now is waited for.
 */
export async function checkProcesses(judged: Judged): Promise<BrokenInvariant[]> {
  const deadline = performance.now() + farewellMs;
  for (;;) {
    const found = await lookAtProcesses(judged);
    if (found.length === 0 || performance.now() > deadline) return found;
    await pause(lookAgainMs);
  }
}

async function lookAtProcesses({ db, hosts }: Judged): Promise<BrokenInvariant[]> {
  const processes = findMarkedProcesses();
  const ids = [...new Set(processes.map(({ attemptId }) => attemptId))];
  const workerIds = hosts.map(({ workerId }) => workerId);
  const { rows } = await db.execute<KnownAttempt>(sql`
    select a.id, a.number, r.number as run_number, r.status,
      a.ended_at is not null or a.number < r.attempt_number as is_over
    from attempts a join runs r on r.id = a.run_id
    where a.id::text = any(${sql.param(ids)}::text[])
      and a.worker_id = any(${sql.param(workerIds)}::uuid[])`);
  const living = groupBy(processes, ({ attemptId }) => attemptId);
  const over = rows.filter(({ status, is_over }) => is_over || isTerminal(status));
  return [
    ...[...groupBy(rows, ({ run_number }) => run_number)]
      .filter(([, attempts]) => attempts.length > 1)
      .map(([number, attempts]) =>
        broken("I2", `#${number}`, `attempts ${numbersOf(attempts)} are alive at once`),
      ),
    ...over.map(({ id, number, run_number, status }) =>
      broken(
        "I4",
        `#${run_number}`,
        `it is ${status}, and of attempt ${number} lives ${nameProcesses(living.get(id) ?? [])}`,
      ),
    ),
    ...findStrangers(hosts, processes, new Set(rows.map(({ id }) => id))),
  ];
}

/** Processes that work in a judged home for an attempt that no row knows. */
function findStrangers(
  hosts: Judged["hosts"],
  processes: MarkedProcess[],
  known: Set<string>,
): BrokenInvariant[] {
  return processes
    .filter(({ attemptId, workspacePath }) => {
      const isHere = hosts.some(({ home }) => workspacePath?.startsWith(`${home}/workspaces/`));
      return isHere && !known.has(attemptId);
    })
    .map((stranger) => broken("I4", stranger.runId, `no row knows ${nameProcesses([stranger])}`));
}

const numbersOf = (attempts: KnownAttempt[]) => attempts.map(({ number }) => number).join(" and ");

function nameProcesses(processes: MarkedProcess[]): string {
  return processes.map(({ pid, command }) => `process ${pid} (${command})`).join(", ");
}

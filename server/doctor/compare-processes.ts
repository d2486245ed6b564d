import type { MarkedProcess } from "@/server/agents/find-marked-processes";
import { sendsJob } from "@/server/differences/compare-queue";
import type { AttemptRow, HostRows } from "@/server/differences/read-host-rows";
import { type Difference, describeDifference } from "@/server/domain/difference";
import { groupBy } from "@/server/domain/group-by";
import { isTerminal } from "@/server/domain/run-status";
import type { RunJob } from "@/server/jobs/list-run-jobs";
import type { HostFacts } from "./host-facts";

interface Tree {
  attempt: AttemptRow;
  processes: MarkedProcess[];
}

const maxFinishingMs = 5 * 60 * 1000;

/** Living processes against attempts, and running attempts against processes. */
export function compareProcesses(facts: HostFacts, rows: HostRows, before: Date): Difference[] {
  const trees = groupTrees(facts, rows);
  const byRun = groupBy(trees, ({ attempt }) => attempt.runId);
  return [
    ...[...byRun.values()].flatMap((ofRun) => compareTrees(facts, ofRun, before)),
    ...findUnknown(facts, rows),
    ...rows.attempts.flatMap((attempt) => findGone(facts, rows, attempt, before)),
  ];
}

/** Processes of this worker's attempts, by attempt. */
function groupTrees(facts: HostFacts, rows: HostRows): Tree[] {
  const processes = groupBy(facts.processes, ({ attemptId }) => attemptId);
  return rows.attempts
    .filter(({ workerId }) => workerId === facts.workerId)
    .flatMap((attempt) => {
      const own = processes.get(attempt.id);
      return own ? [{ attempt, processes: own }] : [];
    });
}

export function isAttemptOver(attempt: AttemptRow): boolean {
  const { endedAt, runStatus, number, runAttemptNumber } = attempt;
  return endedAt !== null || isTerminal(runStatus) || number < runAttemptNumber;
}

function compareTrees(facts: HostFacts, trees: Tree[], before: Date): Difference[] {
  const over = trees.filter(({ attempt }) => isAttemptOver(attempt));
  const [first] = over;
  if (!first) return [];
  const { runId, runNumber } = first.attempt;
  const fix = { action: "end_processes" as const, steps: over.map(endsTree) };
  const subject = {
    runId,
    runNumber,
    ...(over.length === 1 ? { attemptId: first.attempt.id } : {}),
    pids: over.flatMap(({ processes }) => processes.map(({ pid }) => pid)),
  };
  if (trees.length > 1) {
    const numbers = trees.map(({ attempt }) => attempt.number).sort((a, b) => a - b);
    return [
      describeDifference({
        kind: "two_living_trees",
        of: runId,
        workerId: facts.workerId,
        title: `Processes of attempts ${numbers.join(" and ")} of run #${runNumber} are alive.`,
        subject,
        evidence: Object.assign({}, ...trees.map(describeTree)),
        fixes: [fix],
      }),
    ];
  }
  if (overSince(first.attempt) > before) return [];
  return [
    describeDifference({
      kind: "process_of_ended_run",
      of: first.attempt.id,
      workerId: facts.workerId,
      title: `Attempt ${first.attempt.number} of run #${runNumber} is over, and a process of it is alive.`,
      subject,
      evidence: {
        "status of the run": first.attempt.runStatus,
        "over since": overSince(first.attempt),
        ...describeTree(first),
      },
      fixes: [fix],
    }),
  ];
}

function overSince(attempt: AttemptRow): Date {
  return attempt.endedAt ?? attempt.runEndedAt ?? attempt.runStatusSince;
}

function endsTree({ attempt, processes }: Tree): string {
  const pids = processes.map(({ pid }) => pid).join(", ");
  return `Kill what lives of attempt ${attempt.number} of run #${attempt.runNumber}: process ${pids}, and every other process that carries its mark.`;
}

function describeTree({ attempt, processes }: Tree): Record<string, string> {
  return Object.fromEntries(
    processes.map(({ pid, command }) => [`process ${pid} of attempt ${attempt.number}`, command]),
  );
}

/** Of this home, but of no attempt that the database knows: left alone. */
function findUnknown(facts: HostFacts, rows: HostRows): Difference[] {
  const known = new Set<string>(rows.attempts.map(({ id }) => id));
  const inside = `${facts.home}/workspaces/`;
  const unknown = facts.processes.filter(
    ({ attemptId, workspacePath }) => !known.has(attemptId) && workspacePath?.startsWith(inside),
  );
  return [...groupBy(unknown, ({ attemptId }) => attemptId)].map(([attemptId, processes]) =>
    describeDifference({
      kind: "process_of_unknown_run",
      of: attemptId,
      workerId: facts.workerId,
      title: `Process ${processes.map(({ pid }) => pid).join(", ")} works for an attempt that the database does not know.`,
      subject: {
        attemptId,
        pids: processes.map(({ pid }) => pid),
        path: processes[0]?.workspacePath ?? "",
      },
      evidence: {
        "run in its mark": processes[0]?.runId ?? null,
        "attempt in its mark": attemptId,
        workspace: processes[0]?.workspacePath ?? null,
        ...Object.fromEntries(processes.map(({ pid, command }) => [`process ${pid}`, command])),
      },
    }),
  );
}

function findGone(
  facts: HostFacts,
  rows: HostRows,
  attempt: AttemptRow,
  before: Date,
): Difference[] {
  const isRunning = attempt.runStatus === "running" || attempt.runStatus === "waiting";
  const isCurrent = attempt.number === attempt.runAttemptNumber;
  if (!isRunning || !isCurrent || attempt.workerId !== facts.workerId) return [];
  if (attempt.runStatusSince > before) return [];
  const control = facts.controls.find(({ path }) => path === attempt.controlPath)?.state;
  const phase = control?.phase ?? "absent";
  if (phase === "starting" || phase === "ready" || phase === "running") return [];
  const job = rows.jobs.find(({ runId }) => runId === attempt.runId);
  // A run without any job is told as such: one cause, one difference.
  if (!job) return [];
  const exitAt = control?.exit?.at ?? null;
  if (isBeingFinished(facts, job, exitAt, before)) return [];
  return [
    describeDifference({
      kind: "run_without_process",
      of: attempt.runId,
      workerId: facts.workerId,
      title: `Run #${attempt.runNumber} is ${attempt.runStatus}, and its process is gone.`,
      subject: { runId: attempt.runId, runNumber: attempt.runNumber, attemptId: attempt.id },
      evidence: {
        status: attempt.runStatus,
        since: attempt.runStatusSince,
        "control folder": attempt.controlPath,
        "what it says": phase,
        "exit written": exitAt,
        job: job.id,
        "state of the job": job.state,
        "last beat of the job": job.heartbeatAt,
      },
      fixes: [
        {
          action: "send_job",
          steps: [sendsJob(attempt.runNumber, "the queue of this host's worker")],
        },
      ],
    }),
  ];
}

/** Somebody beats for its job, and has not had too long for it. */
function isBeingFinished(
  facts: HostFacts,
  job: RunJob,
  exitAt: Date | null,
  before: Date,
): boolean {
  if (job.state !== "active") return job.createdAt > before;
  const isBeating = job.heartbeatAt !== null && job.heartbeatAt > before;
  const isOverdue = exitAt !== null && facts.lookedAt.getTime() - exitAt.getTime() > maxFinishingMs;
  return isBeating && !isOverdue;
}

import { type Difference, describeDifference } from "@/server/domain/difference";
import { groupBy } from "@/server/domain/group-by";
import { isHeld, isTerminal } from "@/server/domain/run-status";
import { workerAwaySeconds } from "@/server/domain/worker";
import type { RunJob } from "@/server/jobs/list-run-jobs";
import type { QueueFacts, QueueRun, QueueWorker } from "./read-queue-facts";

/** What changed less long ago may be in the middle of changing further. */
export const settleSeconds = 30;

/** What runs, jobs and workers say against one another. Pure: facts in, differences out. */
export function compareQueue(facts: QueueFacts, settle = settleSeconds): Difference[] {
  const before = new Date(facts.now.getTime() - settle * 1000);
  const jobs = groupBy(facts.jobs, ({ runId }) => runId);
  return [
    ...facts.runs
      .filter((run) => run.statusSince <= before)
      .flatMap((run) => compareRun(facts, run, jobs.get(run.id) ?? [])),
    ...facts.jobs
      .filter((job) => job.createdAt <= before)
      .flatMap((job) => compareJob(facts, job, before)),
  ];
}

function compareRun(facts: QueueFacts, run: QueueRun, jobs: RunJob[]): Difference[] {
  if (isTerminal(run.status)) return [];
  const worker = facts.workers.find(({ id }) => id === run.workerId);
  if (jobs.length === 0) return [withoutJob(run, worker)];
  if (isHeld(run.status) && worker && isAbsent(worker, facts.now)) return [ofAbsent(run, worker)];
  return [];
}

function withoutJob(run: QueueRun, worker: QueueWorker | undefined): Difference {
  const kind = isHeld(run.status) ? "held_run_without_job" : "queued_run_without_job";
  const queue = worker ? `the queue of worker ${worker.name}` : "the queue for any worker";
  return describeDifference({
    kind,
    of: run.id,
    title: `Run #${run.number} is ${run.status}, and no job of it is in the queue.`,
    subject: { runId: run.id, runNumber: run.number },
    evidence: {
      status: run.status,
      since: run.statusSince,
      "job in the row": run.jobId,
      "jobs in the queue": 0,
      worker: worker?.name ?? null,
    },
    fixes: [{ action: "send_job", steps: [sendsJob(run.number, queue)] }],
  });
}

export function sendsJob(number: number, queue: string): string {
  return `Send a new job for run #${number} to ${queue}, in place of the one its row names.`;
}

function ofAbsent(run: QueueRun, worker: QueueWorker): Difference {
  return describeDifference({
    kind: "held_by_absent_worker",
    of: run.id,
    title: `Run #${run.number} is ${run.status}, and its worker ${worker.name} is away.`,
    subject: { runId: run.id, runNumber: run.number },
    evidence: {
      status: run.status,
      worker: `${worker.name} on ${worker.host}`,
      "last beat": worker.stoppedAt ?? worker.heartbeatAt,
      "signed off": worker.stoppedAt ? "yes" : "no",
    },
  });
}

/** A beat ahead of the clock counts as fresh. */
function isAbsent(worker: QueueWorker, now: Date): boolean {
  const silentMs = now.getTime() - worker.heartbeatAt.getTime();
  return worker.stoppedAt !== null || silentMs >= workerAwaySeconds * 1000;
}

function compareJob(facts: QueueFacts, job: RunJob, before: Date): Difference[] {
  const run = facts.runs.find(({ id }) => id === job.runId);
  if (run && !isTerminal(run.status) && (run.jobId === job.id || run.statusSince > before)) {
    return [];
  }
  if (run?.endedAt && run.endedAt > before) return [];
  const why = !run
    ? "names a run that does not exist"
    : isTerminal(run.status)
      ? `belongs to run #${run.number}, which has ended`
      : `is not the job of run #${run.number}, which names another`;
  return [
    describeDifference({
      kind: "job_without_run",
      of: job.id,
      title: `A job in the queue ${job.queue} ${why}.`,
      subject: {
        jobId: job.id,
        ...(run ? { runId: run.id, runNumber: run.number } : {}),
      },
      evidence: {
        job: job.id,
        queue: job.queue,
        state: job.state,
        made: job.createdAt,
        "run it names": job.runId,
        "status of that run": run?.status ?? null,
        "job that the run names": run?.jobId ?? null,
      },
      fixes: [{ action: "drop_job", steps: [`Remove the job ${job.id} from ${job.queue}.`] }],
    }),
  ];
}

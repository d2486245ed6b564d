import { setTimeout as delay } from "node:timers/promises";
import { asc, sql } from "drizzle-orm";
import { attempts, type runs } from "@/db/schema";
import type { CaseReport } from "./check-case";
import type { CrashCase } from "./list-cases";
import type { Site } from "./site";

type Run = typeof runs.$inferSelect;

/** Every trigger made one run, which succeeded with the attempts that are allowed and left no job. */
export async function checkRuns(site: Site, plan: CrashCase, report: CaseReport): Promise<void> {
  const found = await site.runs();
  const expected = plan.point === "mid:pool" ? 2 : 1;
  if (found.length !== expected) {
    report.faults.push({
      kind: "event",
      what: `${found.length} runs came of ${expected} triggers`,
    });
  }
  const wrong = found.flatMap(findWrongStatus);
  report.figures.wrongStatuses = wrong.length;
  report.faults.push(...wrong.map((what) => ({ kind: "status" as const, what })));
  await checkAttempts(site, plan, report, expected);
  await checkJobs(site, report);
}

function findWrongStatus({ number, status, endReason, error }: Run): string[] {
  if (status === "succeeded" && !error) return [];
  return [`run #${number} is ${status} (${endReason}): ${error}`];
}

async function checkAttempts(
  site: Site,
  { attempts: allowed }: CrashCase,
  report: CaseReport,
  runCount: number,
): Promise<void> {
  const rows = await site.db.select().from(attempts).orderBy(asc(attempts.number));
  const made = rows.length - (runCount - 1);
  report.attemptsMade = made;
  if (made < allowed.least || made > allowed.most) {
    const reasons = rows.map(
      ({ number, endReason, error }) => `${number} ${endReason} ${error ?? ""}`,
    );
    report.faults.push({ kind: "attempt", what: `${made} attempts: ${reasons.join("; ")}` });
  }
  for (const { number, endedAt, endReason } of rows) {
    if (!endedAt) report.faults.push({ kind: "attempt", what: `attempt ${number} has no end` });
    const isLast = number === Math.max(...rows.map((row) => row.number));
    if (isLast || endReason === "worker_lost" || runCount > 1) continue;
    report.faults.push({ kind: "attempt", what: `attempt ${number} ended with ${endReason}` });
  }
}

/** A job that came back in an outage is ended when a slot fetches it, which a job does once a heartbeat. */
const jobPatienceMs = 40_000;

/** A job is somebody's claim to work on a run: where no run is open, none may stay. */
async function checkJobs(site: Site, report: CaseReport): Promise<void> {
  const until = performance.now() + jobPatienceMs;
  let left = await listJobs(site);
  while (left.length > 0 && performance.now() < until) {
    await delay(50);
    left = await listJobs(site);
  }
  for (const { name, state } of left) {
    report.faults.push({ kind: "job", what: `a job is ${state} in the queue ${name}` });
  }
}

async function listJobs(site: Site) {
  const { rows } = await site.db.execute<{ name: string; state: string }>(sql`
    select name, state from pgboss.job where (name = 'run' or name like 'run/%')
      and state::text in ('created', 'retry', 'active', 'blocked')`);
  return rows;
}

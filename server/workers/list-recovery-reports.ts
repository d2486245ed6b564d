import { and, desc, eq, inArray, lt, or } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { recoveryEntries, recoveryReports, runs, workers } from "@/db/schema";
import { parseInput } from "@/server/domain/parse-input";
import type { RecoveryReportView } from "@/server/domain/recovery";
import {
  createdKeySchema,
  cutPage,
  type Page,
  pageFields,
  readPageCursor,
} from "@/server/runs/page-cursor";
import { workerNameSchema } from "./find-worker";

export const listRecoveryReportsInputSchema = z.strictObject({
  ...pageFields,
  worker: workerNameSchema.nullish(),
});

/**
 * What workers found at their starts and what became of it, newest first; at most 500 runs of each.
 * @throws BadInput
 */
export async function listRecoveryReports(
  db: Executor,
  input: z.input<typeof listRecoveryReportsInputSchema>,
): Promise<Page<RecoveryReportView>> {
  const { cursor, limit, worker } = parseInput(listRecoveryReportsInputSchema, input);
  const after = readPageCursor(createdKeySchema, cursor);
  const reports = await db
    .select({ report: recoveryReports, worker: workers.name, host: workers.host })
    .from(recoveryReports)
    .innerJoin(workers, eq(workers.id, recoveryReports.workerId))
    .where(
      and(
        worker ? eq(workers.name, worker) : undefined,
        after
          ? or(
              lt(recoveryReports.startedAt, new Date(after[0])),
              and(
                eq(recoveryReports.startedAt, new Date(after[0])),
                lt(recoveryReports.id, after[1]),
              ),
            )
          : undefined,
      ),
    )
    .orderBy(desc(recoveryReports.startedAt), desc(recoveryReports.id))
    .limit(limit + 1);
  const entries = await readEntries(
    db,
    reports.map(({ report }) => report.id),
  );
  const views = reports.map(({ report, ...of }) => {
    const { workerId: _worker, ...facts } = report;
    const found = entries.filter(({ reportId }) => reportId === report.id).slice(0, 500);
    return { ...facts, ...of, entries: found.map(({ reportId: _report, ...entry }) => entry) };
  });
  return cutPage(views, limit, (view) => [view.startedAt.toISOString(), view.id]);
}

async function readEntries(db: Executor, reportIds: string[]) {
  if (reportIds.length === 0) return [];
  return db
    .select({
      reportId: recoveryEntries.reportId,
      runId: recoveryEntries.runId,
      number: runs.number,
      attempt: recoveryEntries.attempt,
      outcome: recoveryEntries.outcome,
      sentence: recoveryEntries.sentence,
      workKept: recoveryEntries.workKept,
      at: recoveryEntries.at,
    })
    .from(recoveryEntries)
    .innerJoin(runs, eq(runs.id, recoveryEntries.runId))
    .where(inArray(recoveryEntries.reportId, reportIds))
    .orderBy(runs.number, recoveryEntries.attempt)
    .limit(5000);
}

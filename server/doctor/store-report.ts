import { eq, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { doctorReports, type StoredDifference, workers } from "@/db/schema";
import type { HostReport } from "@/server/domain/difference";
import type { WorkerId } from "@/server/domain/ids";

/**
 * Puts a worker's newest report in the place of the one before. A difference that stood there already
 * keeps its first date, so that it is raised once. A report that is older than the stored one is left,
 * and a database that does not know the worker is told nothing.
 */
export async function storeReport(
  db: Database,
  workerId: WorkerId,
  report: HostReport,
): Promise<void> {
  await db.transaction(async (tx) => {
    const [worker] = await tx
      .select({ id: workers.id })
      .from(workers)
      .where(eq(workers.id, workerId));
    if (!worker) return;
    const [last] = await tx
      .select({ differences: doctorReports.differences })
      .from(doctorReports)
      .where(eq(doctorReports.workerId, workerId))
      .for("update");
    const since = new Map(last?.differences.map((known) => [known.key, known.since]));
    const differences: StoredDifference[] = report.differences.map((difference) => ({
      ...difference,
      since: since.get(difference.key) ?? report.at.toISOString(),
    }));
    const row = { ...report, differences };
    await tx
      .insert(doctorReports)
      .values({ ...row, workerId })
      .onConflictDoUpdate({
        target: doctorReports.workerId,
        set: row,
        setWhere: sql`${doctorReports.at} <= ${report.at.toISOString()}::timestamptz`,
      });
  });
}

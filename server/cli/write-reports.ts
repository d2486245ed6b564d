import type { RecoveryOutcome, RecoveryReportView } from "@/server/domain/recovery";
import type { Json } from "./open-rest-client";
import type { Paint, Style } from "./paint";

const styles = {
  adopted: "green",
  finished: "green",
  queued_again: "yellow",
  given_up: "red",
  superseded: "yellow",
  pending: "dim",
} as const satisfies Record<RecoveryOutcome, Style>;

/** Recovery reports for a person, newest first. */
export function writeReports(
  { items }: { items: Json<RecoveryReportView>[] },
  paint: Paint,
): string {
  if (items.length === 0) return "No worker has started yet.";
  return items.map((report) => writeReport(report, paint)).join("\n\n");
}

function writeReport(report: Json<RecoveryReportView>, paint: Paint): string {
  const before = report.before === "none" ? "the first of its name" : `before: ${report.before}`;
  const head = `${paint("bold", report.worker)} started ${report.startedAt} (${before})`;
  const lines = report.entries.map((entry) => {
    const kept = entry.workKept ? ` Kept: ${entry.workKept}` : "";
    const outcome = paint(styles[entry.outcome], entry.outcome.replaceAll("_", " "));
    return `  #${entry.number}  ${outcome}  ${entry.sentence}${kept}`;
  });
  return [head, ...(lines.length > 0 ? lines : ["  It held no run."])].join("\n");
}

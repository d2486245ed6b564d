import { EmptyState } from "@/components/ui/empty-state";
import { Section } from "@/components/ui/section";
import type { DoctorReport } from "@/server/domain/difference";
import { DifferenceItem } from "./difference-item";
import type { ChosenFix } from "./doctor-page";
import { severitiesInOrder, severityDress } from "./severity-dress";

/** The differences by severity; where there are none, what was compared to say so. */
export function DifferenceList({
  report,
  onFix,
}: {
  report: DoctorReport;
  onFix: (chosen: ChosenFix) => void;
}) {
  const { counts, differences } = report;
  const total = counts.critical + counts.warning + counts.note;
  if (total === 0) return <NoDifferences report={report} />;
  const hidden = total - differences.length;
  return (
    <>
      {severitiesInOrder.map((severity) => {
        const found = differences.filter((difference) => difference.severity === severity);
        if (found.length === 0) return null;
        return (
          <Section key={severity} title={severityDress[severity].word} aside={counts[severity]}>
            <ul>
              {found.map((difference) => (
                <DifferenceItem key={difference.key} difference={difference} onFix={onFix} />
              ))}
            </ul>
          </Section>
        );
      })}
      {hidden > 0 && (
        <p className="border-b px-4 py-2 text-quiet">
          {hidden} more are not listed. Mend these first, then check again.
        </p>
      )}
    </>
  );
}

function NoDifferences({ report }: { report: DoctorReport }) {
  const judged = report.hosts.filter((host) => host.isJudged);
  if (judged.length === 0) {
    return (
      <EmptyState title="Nothing has been compared yet but the database with its own queue.">
        Every worker looks at its host when it starts and every five minutes from then on.
      </EmptyState>
    );
  }
  const names = judged.map(({ worker }) => worker).join(", ");
  return (
    <EmptyState title="Everything agrees.">
      The database was compared with the queue, and on {names} with folders, control folders, living
      processes, mirrors, recorded commits, refs, origins and the clock.
    </EmptyState>
  );
}

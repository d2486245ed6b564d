import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useMember } from "@/components/shell/member";
import { tones } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { RelativeTime } from "@/components/ui/relative-time";
import type { ReportedDifference } from "@/server/domain/difference";
import type { ChosenFix } from "./doctor-page";
import { severityDress } from "./severity-dress";

/** One difference: its sentence, what it means, what can be done; the facts it rests on folded away. */
export function DifferenceItem({
  difference,
  onFix,
}: {
  difference: ReportedDifference;
  onFix: (chosen: ChosenFix) => void;
}) {
  const { isAdmin } = useMember();
  const { severity, label, title, explanation, nextStep, fixes, subject } = difference;
  const { Icon, tone } = severityDress[severity];
  return (
    <li className="grid gap-x-4 gap-y-2 border-b px-4 py-3 md:grid-cols-[minmax(0,1fr)_auto]">
      <div className="flex min-w-0 gap-2">
        <Icon aria-hidden className={clsx("mt-0.5 size-4 shrink-0", tones[tone])} />
        <div className="flex min-w-0 flex-col gap-1">
          <p className="font-medium break-words">{title}</p>
          <p className="flex flex-wrap gap-x-2 text-xs text-faint">
            <span>{label}</span>
            {difference.worker && <span>on {difference.worker}</span>}
            {subject.repository && <span>in {subject.repository}</span>}
            {difference.since && (
              <span>
                first seen <RelativeTime at={difference.since} />
              </span>
            )}
            {subject.runId && (
              <Link href={`/runs/${subject.runId}`} className="underline hover:text-ink">
                run #{subject.runNumber}
              </Link>
            )}
          </p>
          <p className="max-w-prose text-quiet">{explanation}</p>
          {fixes.length === 0 && <p className="max-w-prose text-quiet">{nextStep}</p>}
          <Evidence facts={difference.evidence} />
        </div>
      </div>
      {isAdmin && fixes.length > 0 && (
        <div className="flex flex-wrap items-start gap-2 max-md:pl-6">
          {fixes.map((fix) => (
            <Button key={fix.action} size="small" onClick={() => onFix({ difference, fix })}>
              {fix.label}…
            </Button>
          ))}
        </div>
      )}
    </li>
  );
}

function Evidence({ facts }: { facts: ReportedDifference["evidence"] }) {
  return (
    <details className="group/facts">
      <summary className="flex w-fit cursor-pointer list-none items-center gap-1 text-xs text-quiet hover:text-ink">
        <ChevronRight aria-hidden className="size-3 group-open/facts:rotate-90" />
        Evidence
      </summary>
      <dl className="mt-1 grid gap-x-4 gap-y-0.5 text-xs sm:grid-cols-[minmax(8rem,auto)_minmax(0,1fr)]">
        {facts.map(({ name, value }) => (
          <div key={name} className="contents">
            <dt className="leading-6 break-all text-faint">{name}</dt>
            <dd className="flex items-start gap-1 font-mono leading-6">
              <span className="min-w-0 break-all">{value}</span>
              {value.length > 12 && <CopyButton text={value} what={name} />}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

"use client";
import { clsx } from "clsx";
import { type PointerEvent, useState } from "react";
import { formatCost, formatCount } from "@/components/ui/format-number";
import { listDays, type UsageReport } from "@/server/domain/usage-report";
import { spellUnknown } from "./usage-totals";

type Day = UsageReport["days"][number];
type Range = { since: string; until: string };

const height = 120;

/** A bar a day: money where any is known, else tokens. Dragging chooses days; the table below says all. */
export function UsageChart({
  report,
  onRange,
}: {
  report: UsageReport;
  onRange: (range: Range) => void;
}) {
  const [brush, setBrush] = useState<{ from: number; to: number } | null>(null);
  const isMoney = report.total.costUsd !== null && report.total.costUsd > 0;
  const days = listDays(report.since, report.until);
  const told = new Map(report.days.map((day) => [day.day, day]));
  const values = days.map((day) => measure(told.get(day), isMoney));
  const most = Math.max(...values, 0) || 1;
  const at = ({ currentTarget, clientX }: PointerEvent<SVGSVGElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const index = Math.floor(((clientX - left) / width) * days.length);
    return Math.min(days.length - 1, Math.max(0, index));
  };
  const choose = () => {
    if (!brush) return;
    setBrush(null);
    const [since, until] = [Math.min(brush.from, brush.to), Math.max(brush.from, brush.to)];
    onRange({ since: days[since] ?? report.since, until: days[until] ?? report.until });
  };
  const isChosen = (index: number) =>
    brush !== null &&
    index >= Math.min(brush.from, brush.to) &&
    index <= Math.max(brush.from, brush.to);
  return (
    <figure className="border-b px-4 py-3">
      <figcaption className="flex justify-between text-xs text-faint">
        <span>{isMoney ? "Cost in US dollars" : "Input and output tokens"}</span>
        <span>most: {isMoney ? formatCost(most) : formatCount(most)}</span>
      </figcaption>
      <svg
        aria-hidden
        viewBox={`0 0 ${days.length} ${height}`}
        preserveAspectRatio="none"
        className="mt-1 h-30 w-full cursor-crosshair touch-none border-b"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setBrush({ from: at(event), to: at(event) });
        }}
        onPointerMove={(event) => brush && setBrush({ ...brush, to: at(event) })}
        onPointerUp={choose}
        onPointerCancel={() => setBrush(null)}
      >
        {days.map((day, index) => (
          <Bar
            key={day}
            {...{ index, isChosen: isChosen(index) }}
            size={((values[index] ?? 0) / most) * height}
            title={describeDay(day, told.get(day))}
          />
        ))}
      </svg>
      <div aria-hidden className="flex justify-between pt-1 text-xs text-faint">
        <span>{report.since}</span>
        <span>{report.until}</span>
      </div>
      <DayTable days={report.days} onRange={onRange} />
    </figure>
  );
}

function Bar({
  index,
  size,
  isChosen,
  title,
}: {
  index: number;
  size: number;
  isChosen: boolean;
  title: string;
}) {
  return (
    <g>
      <title>{title}</title>
      <rect
        {...{ x: index, y: 0, width: 1, height }}
        className={isChosen ? "fill-hover" : "fill-transparent"}
      />
      <rect
        {...{ x: index + 0.1, y: height - size, width: 0.8, height: size }}
        className={clsx(isChosen ? "fill-focus" : "fill-live")}
      />
    </g>
  );
}

/** The same as the bars, for whoever does not see them; each day can be chosen from here as well. */
function DayTable({ days, onRange }: { days: Day[]; onRange: (range: Range) => void }) {
  return (
    <details className="mt-2 text-xs">
      <summary className="w-fit text-quiet hover:text-ink">As a table</summary>
      <table aria-label="Usage by day" className="mt-1 tabular-nums">
        <thead>
          <tr className="text-left text-faint">
            {["Day", "Runs", "Input", "Cached", "Output", "Cost", "Cost unknown"].map((name) => (
              <th key={name} scope="col" className="pr-6 font-normal">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((day) => (
            <tr key={day.day}>
              <th scope="row" className="pr-6 text-left font-normal">
                <button
                  type="button"
                  className="underline hover:text-ink"
                  onClick={() => onRange({ since: day.day, until: day.day })}
                >
                  {day.day}
                </button>
              </th>
              <td className="pr-6">{day.runs}</td>
              <td className="pr-6">{formatCount(day.inputTokens)}</td>
              <td className="pr-6">{formatCount(day.cachedTokens)}</td>
              <td className="pr-6">{formatCount(day.outputTokens)}</td>
              <td className="pr-6">{formatCost(day.costUsd)}</td>
              <td>{day.unknownCostRuns > 0 && spellUnknown(day.unknownCostRuns)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function measure(day: Day | undefined, isMoney: boolean): number {
  if (!day) return 0;
  return isMoney ? (day.costUsd ?? 0) : (day.inputTokens ?? 0) + (day.outputTokens ?? 0);
}

function describeDay(day: string, told: Day | undefined): string {
  if (!told) return `${day}: nothing`;
  const unknown = told.unknownCostRuns > 0 ? `, ${spellUnknown(told.unknownCostRuns)}` : "";
  return `${day}: ${formatCost(told.costUsd)}${unknown}, ${told.runs} runs`;
}

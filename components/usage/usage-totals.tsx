import { formatCost, formatCount } from "@/components/ui/format-number";
import type { UsageSum } from "@/server/domain/usage-report";

/** The sums of the whole range; what is unknown stands beside them. */
export function UsageTotals({ total }: { total: UsageSum }) {
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-3 border-b px-4 py-3">
      <Total name="Cost" value={formatCost(total.costUsd)} unknown={total.unknownCostRuns} />
      <Total
        name="Input tokens"
        value={formatCount(total.inputTokens)}
        unknown={total.unknownTokenRuns}
      />
      <Total name="From the cache" value={formatCount(total.cachedTokens)} />
      <Total name="Output tokens" value={formatCount(total.outputTokens)} />
      <Total name="Runs" value={formatCount(total.runs)} />
    </dl>
  );
}

function Total({ name, value, unknown = 0 }: { name: string; value: string; unknown?: number }) {
  return (
    <div>
      <dt className="text-xs text-faint">{name}</dt>
      <dd className="text-xl font-semibold tabular-nums">{value}</dd>
      {unknown > 0 && <dd className="text-xs text-warn">{spellUnknown(unknown)}</dd>}
    </div>
  );
}

/** “3 runs unknown”: not in the sum beside it. */
export function spellUnknown(runs: number): string {
  return `${runs} ${runs === 1 ? "run" : "runs"} unknown`;
}

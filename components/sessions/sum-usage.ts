import type { RunSummary } from "@/server/domain/run-view";

/** A sum of what is known, and of how many runs nothing is known. Null: of none is it known. */
export interface KnownSum {
  sum: number | null;
  unknown: number;
}

type Figure = "costUsd" | "inputTokens" | "outputTokens" | "cachedTokens";

/** What a session's runs used so far. What is unknown is never counted as 0. */
export function sumUsage(runs: Pick<RunSummary, "usage">[]): Record<Figure, KnownSum> {
  const sumOf = (figure: Figure): KnownSum => {
    const known = runs.flatMap(({ usage }) => usage[figure] ?? []);
    const sum = known.length > 0 ? known.reduce((total, value) => total + value, 0) : null;
    return { sum, unknown: runs.length - known.length };
  };
  return {
    costUsd: sumOf("costUsd"),
    inputTokens: sumOf("inputTokens"),
    outputTokens: sumOf("outputTokens"),
    cachedTokens: sumOf("cachedTokens"),
  };
}

/** “$0.42”, “$0.42, 1 run unknown” or “unknown”. */
export function wordSum({ sum, unknown }: KnownSum, format: (value: number) => string): string {
  if (sum === null) return "unknown";
  if (unknown === 0) return format(sum);
  return `${format(sum)}, ${unknown} ${unknown === 1 ? "run" : "runs"} unknown`;
}

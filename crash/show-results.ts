import { crashPoints } from "@/server/domain/crash-points";
import { type Figures, figureNames } from "./check-case";
import { victims } from "./list-cases";
import type { CaseResult } from "./run-case";

/** What one line says of a case, as it ends. */
export function describeCase({ point, victim, faults, attemptsMade, seconds }: CaseResult): string {
  const mark = faults.length === 0 ? "ok  " : "FAIL";
  const made = attemptsMade === null ? "?" : attemptsMade;
  const head = `${mark} ${point.padEnd(16)} ${victim.padEnd(9)} attempts ${made}, ${seconds.toFixed(1)} s`;
  return [head, ...faults.map(({ kind, what }) => `       ${kind}: ${what}`)].join("\n");
}

/** A table of all points and victims, in Markdown: the attempts each took, or how many faults it has. */
export function tabulateCases(results: CaseResult[]): string {
  const points = Object.entries(crashPoints).filter(([point]) =>
    results.some((result) => result.point === point),
  );
  const rows = points.map(([point, { by, when }]) => {
    const cells = victims.map((victim) => {
      const found = results.find((result) => result.point === point && result.victim === victim);
      if (!found) return "–";
      const { faults, attemptsMade } = found;
      return faults.length > 0 ? `**${faults.length} faults**` : describeAttempts(attemptsMade);
    });
    return `| \`${point}\` | ${by}: ${when} | ${cells.join(" | ")} |`;
  });
  const head = `| point | where | ${victims.join(" | ")} |`;
  return [head, `| --- | --- |${" --- |".repeat(victims.length)}`, ...rows].join("\n");
}

const describeAttempts = (made: number | null) =>
  `ok, ${made === 1 ? "1 attempt" : `${made} attempts`}`;

/** Sums over all cases; everything but the cases and the allowed attempts has to be 0. */
export function sumCases(results: CaseResult[]): [string, number | string][] {
  const failed = results.filter(({ faults }) => faults.length > 0).length;
  const lost = results.reduce((sum, one) => sum + Math.max(0, (one.attemptsMade ?? 0) - 1), 0);
  const least = results.reduce((sum, { attempts }) => sum + attempts.least - 1, 0);
  const most = results.reduce((sum, { attempts }) => sum + attempts.most - 1, 0);
  const allowed = least === most ? `${least}` : `${least} to ${most}`;
  const names = Object.entries(figureNames) as [keyof Figures, string][];
  return [
    ["cases", results.length],
    ["cases with a fault", failed],
    ["attempts lost (allowed)", `${lost} (${allowed})`],
    ...names.map(([name, words]): [string, number] => [
      words,
      results.reduce((sum, { figures }) => sum + (figures[name] ?? 0), 0),
    ]),
  ];
}

import type { ReportedDifference } from "@/server/domain/difference";
import type { Severity } from "@/server/domain/difference-kinds";
import type { Json } from "./open-rest-client";
import type { Paint, Style } from "./paint";
import { writeAge } from "./write-duration";

const severityStyles = {
  critical: "red",
  warning: "yellow",
  note: "dim",
} as const satisfies Record<Severity, Style>;

/** One difference for a person: what, why it matters, what it rests on, and what can be done. */
export function writeDifference(
  {
    severity,
    title,
    explanation,
    nextStep,
    evidence,
    fixes,
    worker,
    since,
  }: Json<ReportedDifference>,
  paint: Paint,
): string {
  const place = [worker && `worker ${worker}`, since && `seen ${writeAge(since, new Date())}`];
  const where = place.filter(Boolean).join(", ");
  const [fix, ...others] = fixes;
  const also = others.map(({ label }) => label.toLowerCase()).join(", ");
  return [
    `${paint(severityStyles[severity], severity.padEnd(9))}${paint("bold", title)}`,
    ...(where ? [paint("dim", `         ${where}`)] : []),
    `         ${explanation}`,
    ...evidence.map(({ name, value }) => paint("dim", `         ${name}: ${value}`)),
    fix
      ? `         --fix would: ${fix.label.toLowerCase()}${also && ` (or, on the page: ${also})`}`
      : `         ${nextStep}`,
  ].join("\n");
}

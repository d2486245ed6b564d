import type { RunEventView } from "@/server/domain/run-view";

interface StopStep {
  act: string;
  ms: number;
  wasHurried?: boolean;
}

/** How an agent was stopped: each step with the time it took, and who survived it. */
export function StopSteps({ data }: Pick<RunEventView, "data">) {
  const steps = Array.isArray(data.steps) ? (data.steps as StopStep[]) : [];
  const survivors = readPids(data.survivors);
  const inside = Array.isArray(data.inside) ? (data.inside as { pid: number; name: string }[]) : [];
  return (
    <div className="basis-full text-xs text-quiet">
      <ol className="flex flex-wrap gap-x-3">
        {steps.map(({ act, ms, wasHurried }) => (
          <li key={act}>
            {act} <span className="font-mono text-faint">{writeMs(ms)}</span>
            {wasHurried && <span className="text-faint"> (cut short)</span>}
          </li>
        ))}
      </ol>
      <p className={survivors.length > 0 ? "text-bad" : undefined}>
        {survivors.length > 0
          ? `Still alive: ${survivors.join(", ")}.`
          : `Nothing of it lives; the ${data.vouchedBy ?? "sweep"} vouches for that.`}
        {inside.length > 0 &&
          ` Has the workspace open and may be of it: ${inside.map(({ pid, name }) => `${pid} (${name})`).join(", ")}.`}
      </p>
    </div>
  );
}

function readPids(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((pid) => typeof pid === "number") : [];
}

function writeMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

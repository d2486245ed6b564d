import { between, chooseWeighted, type Random, seedRandom } from "./random";

/** What an operator does; weights say how often. */
const acts = { start: 8, continue: 4, rerun: 2, cancel: 3, remove: 2 } as const;
type Act = keyof typeof acts;

/** What breaks. `outage` is planned apart: it comes once. */
const blows = {
  kill_worker: 4,
  stop_worker: 2,
  kill_web: 2,
  stop_web: 1,
  kill_agent: 3,
  stop_agent: 1,
  kill_keeper: 2,
  kill_backend: 2,
  stop_postgres: 1,
} as const;
type Blow = keyof typeof blows | "outage";

/** `pick` chooses among what there is when the time has come; `seconds` is how long it lasts. */
export type Step = { atMs: number; pick: number; seconds: number } & (
  | { kind: "act"; operator: number; act: Act }
  | { kind: "blow"; blow: Blow }
);

export const operators = 4;
const actEveryMs = { least: 400, most: 4_000 };
const blowEveryMs = { least: 3_000, most: 12_000 };
const outageSeconds = 60;

/** Everything that will be done, in order of time: the same for the same seed and length. */
export function planSteps(seed: number, minutes: number): Step[] {
  const endMs = minutes * 60_000;
  const random = seedRandom(seed);
  const lines = Array.from({ length: operators }, (_, operator) =>
    planLine(random, endMs, actEveryMs, (atMs) => ({
      ...{ atMs, kind: "act" as const, operator, act: chooseWeighted(random, acts) },
      ...{ pick: random(), seconds: between(random, 0.1, 6) },
    })),
  );
  const broken = planLine(random, endMs, blowEveryMs, (atMs) => ({
    ...{ atMs, kind: "blow" as const, blow: chooseWeighted(random, blows) },
    ...{ pick: random(), seconds: between(random, 0.5, 20) },
  }));
  return [...lines.flat(), ...broken, planOutage(random, endMs)].sort(
    (left, right) => left.atMs - right.atMs,
  );
}

function planLine(
  random: Random,
  endMs: number,
  every: { least: number; most: number },
  make: (atMs: number) => Step,
): Step[] {
  const steps: Step[] = [];
  const next = () => between(random, every.least, every.most);
  for (let atMs = next(); atMs < endMs; atMs += next()) steps.push(make(atMs));
  return steps;
}

/** In the middle third; in a short soak it takes no more than a quarter. */
function planOutage(random: Random, endMs: number): Step {
  const seconds = Math.min(outageSeconds, endMs / 4_000);
  const atMs = between(random, endMs / 3, endMs / 2);
  return { kind: "blow", blow: "outage", atMs, pick: random(), seconds };
}

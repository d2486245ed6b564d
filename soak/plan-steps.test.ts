import { expect, test } from "vitest";
import { planSteps } from "./plan-steps";

test("plans the same for the same seed, and something else for another", () => {
  expect(planSteps(7, 5)).toEqual(planSteps(7, 5));
  expect(planSteps(7, 5)).not.toEqual(planSteps(8, 5));
});

test("lets four operators do all they can, breaks everything, and has one outage of a minute", () => {
  const steps = planSteps(1, 30);
  const acts = steps.flatMap((step) => (step.kind === "act" ? [step] : []));
  const blows = steps.flatMap((step) => (step.kind === "blow" ? [step] : []));
  expect(new Set(acts.map(({ operator }) => operator)).size).toBe(4);
  expect(new Set(acts.map(({ act }) => act)).size).toBe(5);
  expect(new Set(blows.map(({ blow }) => blow)).size).toBe(10);
  const outages = blows.filter(({ blow }) => blow === "outage");
  expect(outages).toMatchObject([{ seconds: 60 }]);
  expect(steps.every(({ atMs }, at) => at === 0 || atMs >= (steps[at - 1]?.atMs ?? 0))).toBe(true);
});

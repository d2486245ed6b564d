import { expect, test } from "vitest";
import { addDays, builtInRules, findRules, type RetentionPolicies } from "./retention";

const none: RetentionPolicies = {
  installation: {},
  repositories: new Map(),
  workflows: new Map(),
};
const of = { repository: "shop", workflow: "nightly" };

test("holds by the built-in rules where nobody has decided", () => {
  const { rules, by } = findRules(none, of);
  expect(rules).toEqual(builtInRules);
  expect(new Set(Object.values(by))).toEqual(new Set(["the built-in default"]));
});

test("lets the workflow decide before the repository, and that before the installation, field by field", () => {
  const policies: RetentionPolicies = {
    installation: { succeededDays: 1, unsucceededDays: 2, outputDays: 3 },
    repositories: new Map([["shop", { unsucceededDays: 20, outputDays: 30 }]]),
    workflows: new Map([["nightly", { outputDays: "never" }]]),
  };
  const { rules, by } = findRules(policies, of);
  expect(rules).toMatchObject({ succeededDays: 1, unsucceededDays: 20, outputDays: "never" });
  expect(rules.spoolDays).toBe(builtInRules.spoolDays);
  expect(by).toMatchObject({
    succeededDays: "the installation's default",
    unsucceededDays: "the repository shop",
    outputDays: "the workflow nightly",
  });
  const other = findRules(policies, { repository: "site", workflow: null });
  expect(other.rules).toMatchObject({ succeededDays: 1, unsucceededDays: 2, outputDays: 3 });
});

test("never comes, or so many days later", () => {
  const from = new Date("2026-01-01T05:00:00Z");
  expect(addDays(from, "never")).toBeNull();
  expect(addDays(from, 31)?.toISOString()).toBe("2026-02-01T05:00:00.000Z");
});

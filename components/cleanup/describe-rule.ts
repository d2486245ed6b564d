import { formatBytes } from "@/components/ui/format-number";
import type { PolicyRules, RetentionField } from "@/server/domain/retention";

export const ruleLabels: Record<RetentionField, string> = {
  succeededDays: "Workspaces of succeeded runs",
  unsucceededDays: "of failed and cancelled runs",
  keepNewest: "Newest of a workflow that stay",
  removesPersistent: "Persistent workspaces",
  ignored: "Ignored files",
  outputDays: "Whole output and transcript",
  maxOutputBytes: "Output of an attempt",
  spoolDays: "Control folders",
};

export const ignoredWords = {
  keep: "kept, but for what a build makes again",
  keep_all: "all kept",
  drop: "let go",
} as const;

/** A rule's value in words. */
export function describeRule(field: RetentionField, rules: PolicyRules): string {
  const value = rules[field];
  if (value === "never") return field === "maxOutputBytes" ? "no limit" : "for ever";
  if (field === "removesPersistent") return value ? "removed like others" : "never removed";
  if (field === "ignored" && rules.ignored) return ignoredWords[rules.ignored];
  if (field === "maxOutputBytes") return `${formatBytes(Number(value))} at most`;
  if (field === "keepNewest") return String(value);
  return value === 1 ? "1 day" : `${value} days`;
}

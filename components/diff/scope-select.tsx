"use client";
import { Select } from "@/components/ui/select";
import type { DiffScope } from "./diff-scope";

/** Chooses what is compared. */
export function ScopeSelect({
  scopes,
  chosen,
  onChoose,
}: {
  scopes: DiffScope[];
  chosen: DiffScope;
  onChoose: (scope: DiffScope) => void;
}) {
  const inGroup = (group: DiffScope["group"]) =>
    scopes
      .filter((scope) => scope.group === group)
      .map(({ key, label }) => (
        <option key={key} value={key}>
          {label}
        </option>
      ));
  const attempts = inGroup("attempts");
  const commits = inGroup("commits");
  return (
    <Select
      aria-label="What is compared"
      className="max-w-40 shrink-0 [&_select]:h-6 [&_select]:text-xs [&_svg]:top-1"
      value={chosen.key}
      onChange={(event) => {
        const scope = scopes.find(({ key }) => key === event.target.value);
        if (scope) onChoose(scope);
      }}
    >
      {inGroup("run")}
      {attempts.length > 0 && <optgroup label="Attempts">{attempts}</optgroup>}
      {commits.length > 0 && <optgroup label="Commits">{commits}</optgroup>}
    </Select>
  );
}

"use client";
import { type CheckDraft, ChecksField } from "@/components/checks/checks-field";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

const rounds = [0, 1, 2, 3, 4, 5];

/** A workflow's own checks, or the repository's where it says nothing. */
export function WorkflowChecks({
  fields,
  checks,
  rounds: chosen,
  onChecks,
  onRounds,
}: {
  fields: Record<string, string>;
  /** Null: the repository's. */
  checks: CheckDraft[] | null;
  rounds: number | null;
  onChecks: (checks: CheckDraft[] | null) => void;
  onRounds: (rounds: number | null) => void;
}) {
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1 text-sm font-medium">Checks</legend>
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={checks === null}
          onChange={(event) => onChecks(event.target.checked ? null : [])}
        />
        Those of the repository
      </label>
      {checks !== null && (
        <ChecksField drafts={checks} fields={fields} isLocked={false} onChange={onChecks} />
      )}
      <Field label="Failing checks go back to the agent" error={fields.checkRounds}>
        {(control) => (
          <Select
            {...control}
            className="w-60"
            value={chosen ?? ""}
            onChange={(event) =>
              onRounds(event.target.value === "" ? null : Number(event.target.value))
            }
          >
            <option value="">As the repository says</option>
            {rounds.map((count) => (
              <option key={count} value={count}>
                {count === 0 ? "Never" : count === 1 ? "Once" : `Up to ${count} times`}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </fieldset>
  );
}

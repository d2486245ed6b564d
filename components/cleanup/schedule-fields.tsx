import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { CleanupMode } from "@/server/domain/cleanup";

const modes: Record<CleanupMode, string> = {
  off: "Never",
  report: "Dry run each day, nothing is removed",
  remove: "Clean up each day",
};

export interface Schedule {
  mode: CleanupMode;
  at: string;
  /** In GiB, as typed. */
  minFree: string;
  maxOutput: string;
}

/** When cleanups begin, and two limits. */
export function ScheduleFields({
  value,
  fields,
  isLocked,
  onChange,
}: {
  value: Schedule;
  /** What is wrong with each. */
  fields: Record<string, string>;
  isLocked: boolean;
  onChange: (changed: Partial<Schedule>) => void;
}) {
  return (
    <fieldset disabled={isLocked} className="grid gap-x-4 gap-y-3 md:grid-cols-4">
      <legend className="sr-only">Schedule and limits</legend>
      <Field label="Clean up" error={fields.mode}>
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={value.mode}
            onChange={(event) => onChange({ mode: event.target.value as CleanupMode })}
          >
            {Object.entries(modes).map(([mode, word]) => (
              <option key={mode} value={mode}>
                {word}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="At" hint="Time of day, UTC." error={fields.at}>
        {(control) => (
          <Input
            {...control}
            type="time"
            required
            value={value.at}
            onChange={(event) => onChange({ at: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Keep free on each host, GiB"
        hint="Below this it takes no new run."
        error={fields.minFreeBytes}
      >
        {(control) => (
          <Input
            {...control}
            inputMode="decimal"
            required
            pattern="\d+(\.\d+)?"
            value={value.minFree}
            onChange={(event) => onChange({ minFree: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="All output together, GiB"
        hint="Beyond it the oldest is cut. Empty: no limit."
        error={fields.maxTotalOutputBytes}
      >
        {(control) => (
          <Input
            {...control}
            inputMode="decimal"
            pattern="\d*(\.\d+)?"
            value={value.maxOutput}
            onChange={(event) => onChange({ maxOutput: event.target.value })}
          />
        )}
      </Field>
    </fieldset>
  );
}

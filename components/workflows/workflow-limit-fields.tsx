"use client";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { WorkflowView } from "@/server/domain/views";

/** Where the runs of a workflow work, and how far they may go. */
export function WorkflowLimitFields({
  workflow,
  fields,
}: {
  workflow?: WorkflowView;
  fields: Record<string, string>;
}) {
  const minutes = workflow?.timeoutSeconds ? workflow.timeoutSeconds / 60 : null;
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <ChoiceField
        label="Workspace"
        hint="Temporary: one for each session. Persistent: one for all its runs."
        error={fields.workspace}
        name="workspace"
        value={workflow?.workspace ?? "temporary"}
        choices={{ temporary: "Temporary", persistent: "Persistent" }}
      />
      <ChoiceField
        label="Sandbox"
        hint="Keeps the agent from the rest of the worker's host."
        error={fields.sandbox}
        name="sandbox"
        value={workflow?.sandbox ?? "auto"}
        choices={{ auto: "As Coppice sees fit", on: "Always; fail without one", off: "Never" }}
      />
      <NumberField
        label="Time limit in minutes"
        hint="Left empty, two hours."
        error={fields.timeoutSeconds}
        name="timeoutMinutes"
        min="0.1"
        value={minutes}
      />
      <NumberField
        label="Turn limit"
        hint="Left empty, none."
        error={fields.maxTurns}
        name="maxTurns"
        min="1"
        value={workflow?.maxTurns ?? null}
      />
      <NumberField
        label="Cost limit in US dollars"
        hint="Per run. Left empty, none."
        error={fields.maxCostUsd}
        name="maxCostUsd"
        min="0.01"
        value={workflow?.maxCostUsd ?? null}
      />
      <MoreLimitFields workflow={workflow} fields={fields} />
    </div>
  );
}

function MoreLimitFields({ workflow, fields }: Parameters<typeof WorkflowLimitFields>[0]) {
  return (
    <>
      <NumberField
        label="Token limit"
        hint="Input and output of a run, without what came out of the cache. Left empty, none."
        error={fields.maxTokens}
        name="maxTokens"
        min="1"
        value={workflow?.maxTokens ?? null}
      />
      <NumberField
        label="Limit of silence in minutes"
        hint="Left empty, 30 for agents and none for shell."
        error={fields.stallSeconds}
        name="stallMinutes"
        min="0.1"
        value={workflow?.stallSeconds ? workflow.stallSeconds / 60 : null}
      />
      <NumberField
        label="Output limit in MiB"
        hint="Left empty, 1024."
        error={fields.maxOutputBytes}
        name="maxOutputMebibytes"
        min="0.01"
        value={workflow?.maxOutputBytes ? workflow.maxOutputBytes / 1024 ** 2 : null}
      />
      <ChoiceField
        label="Silence while a tool runs"
        hint="A build may be quiet for long."
        error={fields.stallsInTools}
        name="stallsInTools"
        value={workflow?.stallsInTools ? "yes" : "no"}
        choices={{ no: "Does not count", yes: "Counts too" }}
      />
    </>
  );
}

interface Named {
  label: string;
  hint: string;
  error: string | undefined;
  name: string;
}

function NumberField({
  label,
  hint,
  error,
  name,
  min,
  value,
}: Named & { min: string; value: number | null }) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Input
          {...control}
          name={name}
          type="number"
          min={min}
          step="any"
          defaultValue={value ?? ""}
        />
      )}
    </Field>
  );
}

function ChoiceField({
  label,
  hint,
  error,
  name,
  value,
  choices,
}: Named & { value: string; choices: Record<string, string> }) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <Select {...control} name={name} className="w-full" defaultValue={value}>
          {Object.entries(choices).map(([choice, word]) => (
            <option key={choice} value={choice}>
              {word}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

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
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Field
        label="Workspace"
        hint="Temporary: one for each session. Persistent: one for all its runs."
        error={fields.workspace}
      >
        {(control) => (
          <Select
            {...control}
            name="workspace"
            className="w-full"
            defaultValue={workflow?.workspace ?? "temporary"}
          >
            <option value="temporary">Temporary</option>
            <option value="persistent">Persistent</option>
          </Select>
        )}
      </Field>
      <Field
        label="Sandbox"
        hint="Keeps the agent from the rest of the worker's host."
        error={fields.sandbox}
      >
        {(control) => (
          <Select
            {...control}
            name="sandbox"
            className="w-full"
            defaultValue={workflow?.sandbox ?? "auto"}
          >
            <option value="auto">As Coppice sees fit</option>
            <option value="on">Always; fail without one</option>
            <option value="off">Never</option>
          </Select>
        )}
      </Field>
      <Field
        label="Time limit in minutes"
        hint="Left empty, two hours."
        error={fields.timeoutSeconds}
      >
        {(control) => (
          <Input
            {...control}
            name="timeoutMinutes"
            type="number"
            min="0.1"
            step="any"
            defaultValue={workflow?.timeoutSeconds ? workflow.timeoutSeconds / 60 : ""}
          />
        )}
      </Field>
      <Field label="Turn limit" hint="Left empty, none." error={fields.maxTurns}>
        {(control) => (
          <Input
            {...control}
            name="maxTurns"
            type="number"
            min="1"
            step="1"
            defaultValue={workflow?.maxTurns ?? ""}
          />
        )}
      </Field>
      <Field
        label="Cost limit in US dollars"
        hint="Per run. Left empty, none."
        error={fields.maxCostUsd}
      >
        {(control) => (
          <Input
            {...control}
            name="maxCostUsd"
            type="number"
            min="0.01"
            step="any"
            defaultValue={workflow?.maxCostUsd ?? ""}
          />
        )}
      </Field>
    </div>
  );
}

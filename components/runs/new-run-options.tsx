"use client";
import { ChevronRight } from "lucide-react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { WorkflowView } from "@/server/domain/views";

/** What may be chosen for one run; everything left empty is as the workflow says. */
export function NewRunOptions({
  workflow,
  fields,
}: {
  workflow: WorkflowView | undefined;
  fields: Record<string, string>;
}) {
  const named = [
    "workspace",
    "branch",
    "baseRef",
    "maxTurns",
    "timeoutSeconds",
    "maxCostUsd",
    "maxTokens",
    "stallSeconds",
  ];
  return (
    <details className="group/more rounded-md border" open={named.some((name) => name in fields)}>
      <summary className="flex list-none items-center gap-1.5 rounded-md px-3 py-2 font-medium hover:bg-hover">
        <ChevronRight aria-hidden className="size-3.5 text-faint group-open/more:rotate-90" />
        Workspace, branch and limits
      </summary>
      <div className="grid gap-4 border-t p-3 md:grid-cols-2">
        <Field
          label="Workspace"
          hint="Temporary: one for this session. Persistent: shared by the workflow's runs, one after another."
          error={fields.workspace}
        >
          {(control) => (
            <Select {...control} name="workspace" className="w-full" defaultValue="">
              <option value="">
                As the workflow says{workflow ? ` (${workflow.workspace})` : ""}
              </option>
              <option value="temporary">Temporary</option>
              <option value="persistent">Persistent</option>
            </Select>
          )}
        </Field>
        <Field
          label="Branch"
          hint="Made if new. Left empty, Coppice names it."
          error={fields.branch}
        >
          {(control) => <Input {...control} name="branch" className="font-mono" />}
        </Field>
        <Field
          label="Start from"
          hint="A branch, tag or commit. Left empty, the default branch."
          error={fields.baseRef}
        >
          {(control) => <Input {...control} name="baseRef" className="font-mono" />}
        </Field>
        <LimitFields workflow={workflow} fields={fields} />
      </div>
    </details>
  );
}

function LimitFields({ workflow, fields }: Parameters<typeof NewRunOptions>[0]) {
  const says = (value: string | number | null | undefined, unit = "") =>
    value == null ? "No limit of the workflow's own." : `The workflow says ${value}${unit}.`;
  return (
    <>
      <Field
        label="Time limit in minutes"
        hint={says(workflow?.timeoutSeconds && workflow.timeoutSeconds / 60, " minutes")}
        error={fields.timeoutSeconds}
      >
        {(control) => <Input {...control} name="timeoutMinutes" type="number" min="1" step="1" />}
      </Field>
      <Field label="Turn limit" hint={says(workflow?.maxTurns)} error={fields.maxTurns}>
        {(control) => <Input {...control} name="maxTurns" type="number" min="1" step="1" />}
      </Field>
      <Field
        label="Cost limit in US dollars"
        hint={says(workflow?.maxCostUsd)}
        error={fields.maxCostUsd}
      >
        {(control) => <Input {...control} name="maxCostUsd" type="number" min="0.01" step="0.01" />}
      </Field>
      <Field label="Token limit" hint={says(workflow?.maxTokens)} error={fields.maxTokens}>
        {(control) => <Input {...control} name="maxTokens" type="number" min="1" step="1" />}
      </Field>
      <Field
        label="Limit of silence in minutes"
        hint={says(workflow?.stallSeconds && workflow.stallSeconds / 60, " minutes")}
        error={fields.stallSeconds}
      >
        {(control) => <Input {...control} name="stallMinutes" type="number" min="1" step="1" />}
      </Field>
    </>
  );
}

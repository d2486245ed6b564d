"use client";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { WorkflowView } from "@/server/domain/views";
import { permissionWords } from "./permission-words";

/** What the agent may do without asking, and how long its questions wait for an answer. */
export function WorkflowPermissionFields({
  workflow,
  fields,
}: {
  workflow?: WorkflowView | undefined;
  fields: Record<string, string>;
}) {
  const seconds = workflow?.askDeadlineSeconds;
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Field
        label="Permissions"
        hint="What the agent may do without asking, beside its allowed tools."
        error={fields.permissions}
      >
        {(control) => (
          <Select
            {...control}
            name="permissions"
            className="w-full"
            defaultValue={workflow?.permissions ?? "allow_list"}
          >
            {Object.entries(permissionWords).map(([mode, words]) => (
              <option key={mode} value={mode}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field
        label="Minutes for an answer"
        hint="Then a question is denied and the run goes on. Left empty, an hour."
        error={fields.askDeadlineSeconds}
      >
        {(control) => (
          <Input
            {...control}
            name="askDeadlineMinutes"
            type="number"
            min="0.2"
            step="any"
            defaultValue={seconds ? seconds / 60 : ""}
          />
        )}
      </Field>
    </div>
  );
}

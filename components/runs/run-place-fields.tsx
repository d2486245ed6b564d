"use client";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { RepositoryView, WorkflowView } from "@/server/domain/views";

interface Place {
  workflow: string;
  repository: string;
}

/** What to carry out, and where. */
export function RunPlaceFields({
  workflows,
  repositories,
  chosen,
  onChoose,
  fields,
}: {
  workflows: WorkflowView[];
  repositories: RepositoryView[];
  chosen: Place;
  onChoose: (place: Place) => void;
  fields: Record<string, string>;
}) {
  const current = workflows.find((one) => one.name === chosen.workflow);
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Field
        label="Workflow"
        hint={current?.description || "What to do and with which agent."}
        error={fields.workflow}
      >
        {(control) => (
          <NameSelect
            {...control}
            name="workflow"
            names={workflows.map((one) => one.name)}
            value={chosen.workflow}
            onChoose={(name) => onChoose({ ...chosen, workflow: name })}
          />
        )}
      </Field>
      <Field label="Repository" hint="Where to do it." error={fields.repository}>
        {(control) => (
          <NameSelect
            {...control}
            name="repository"
            names={repositories.map((one) => one.name)}
            value={chosen.repository}
            onChoose={(name) => onChoose({ ...chosen, repository: name })}
          />
        )}
      </Field>
    </div>
  );
}

function NameSelect({
  names,
  value,
  onChoose,
  ...control
}: {
  id: string;
  name: string;
  names: string[];
  value: string;
  onChoose: (name: string) => void;
}) {
  return (
    <Select
      {...control}
      required
      className="w-full"
      value={value}
      onChange={(event) => onChoose(event.target.value)}
    >
      <option value="">Choose…</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Select>
  );
}

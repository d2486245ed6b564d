"use client";
import { Plus, X } from "lucide-react";
import { makeKey } from "@/components/runs/make-key";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import type { Check } from "@/server/domain/workspace-commands";

/** A check as it is typed: its minutes may not be a number yet. */
export interface CheckDraft {
  key: string;
  name: string;
  command: string;
  minutes: string;
}

export function draftChecks(checks: Check[]): CheckDraft[] {
  return checks.map(({ name, command, timeoutSeconds }, index) => ({
    key: `known-${index}`,
    name,
    command,
    minutes: String(timeoutSeconds / 60),
  }));
}

export function readChecks(drafts: CheckDraft[]): Check[] {
  return drafts.map(({ name, command, minutes }) => ({
    name: name.trim(),
    command,
    timeoutSeconds: Math.round(Number(minutes || "10") * 60),
  }));
}

/** A list of checks to type in: name, command and time limit of each. */
export function ChecksField({
  drafts,
  fields,
  isLocked,
  onChange,
}: {
  drafts: CheckDraft[];
  /** What is wrong, by `checks`, `checks.0.name` and the like. */
  fields: Record<string, string>;
  isLocked: boolean;
  onChange: (drafts: CheckDraft[]) => void;
}) {
  const change = (key: string, changed: Partial<CheckDraft>) =>
    onChange(drafts.map((draft) => (draft.key === key ? { ...draft, ...changed } : draft)));
  const add = () => onChange([...drafts, { key: makeKey(), name: "", command: "", minutes: "10" }]);
  return (
    <div className="flex flex-col gap-3">
      {drafts.length === 0 && <p className="text-faint">No check is set.</p>}
      {drafts.map((draft, index) => (
        <CheckFields
          key={draft.key}
          draft={draft}
          index={index}
          fields={fields}
          isLocked={isLocked}
          onChange={(changed) => change(draft.key, changed)}
          onRemove={() => onChange(drafts.filter(({ key }) => key !== draft.key))}
        />
      ))}
      {fields.checks && <p className="text-xs text-bad">{fields.checks}</p>}
      {!isLocked && (
        <Button size="small" className="self-start" onClick={add}>
          <Plus aria-hidden className="size-3.5" />
          Add a check
        </Button>
      )}
    </div>
  );
}

function CheckFields({
  draft,
  index,
  fields,
  isLocked,
  onChange,
  onRemove,
}: {
  draft: CheckDraft;
  index: number;
  fields: Record<string, string>;
  isLocked: boolean;
  onChange: (changed: Partial<CheckDraft>) => void;
  onRemove: () => void;
}) {
  return (
    <fieldset
      disabled={isLocked}
      className="grid gap-2 rounded-md border p-3 md:grid-cols-[160px_minmax(0,1fr)_96px_auto]"
    >
      <legend className="sr-only">Check {index + 1}</legend>
      <Field label="Name" error={fields[`checks.${index}.name`]}>
        {(control) => (
          <Input
            {...control}
            required
            value={draft.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label="Command" error={fields[`checks.${index}.command`]}>
        {(control) => (
          <Textarea
            {...control}
            required
            rows={Math.min(8, draft.command.split("\n").length)}
            className="font-mono text-xs"
            value={draft.command}
            onChange={(event) => onChange({ command: event.target.value })}
          />
        )}
      </Field>
      <Field label="Minutes" error={fields[`checks.${index}.timeoutSeconds`]}>
        {(control) => (
          <Input
            {...control}
            type="number"
            min="0.1"
            step="any"
            value={draft.minutes}
            onChange={(event) => onChange({ minutes: event.target.value })}
          />
        )}
      </Field>
      {!isLocked && (
        <Button
          look="quiet"
          size="small-icon"
          className="md:mt-7"
          aria-label={`Remove check ${draft.name || index + 1}`}
          onClick={onRemove}
        >
          <X aria-hidden className="size-3.5" />
        </Button>
      )}
    </fieldset>
  );
}

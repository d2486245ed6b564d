"use client";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import type { Script } from "@/server/domain/workspace-commands";

export interface ScriptDraft {
  command: string;
  minutes: string;
}

export function draftScript(script: Script | null): ScriptDraft {
  return {
    command: script?.command ?? "",
    minutes: String((script?.timeoutSeconds ?? 600) / 60),
  };
}

/** An emptied command takes the script away. */
export function readScript({ command, minutes }: ScriptDraft): Script | null {
  if (command.trim() === "") return null;
  return { command, timeoutSeconds: Math.round(Number(minutes || "10") * 60) };
}

/** A command and its time limit. */
export function ScriptFields({
  label,
  hint,
  name,
  draft,
  fields,
  isLocked,
  onChange,
}: {
  label: string;
  hint: string;
  /** The field of the settings, e.g. “setUp”. */
  name: string;
  draft: ScriptDraft;
  fields: Record<string, string>;
  isLocked: boolean;
  onChange: (draft: ScriptDraft) => void;
}) {
  return (
    <div className="grid gap-3 md:grid-cols-[minmax(0,1fr)_96px]">
      <Field label={label} hint={hint} error={fields[`${name}.command`] ?? fields[name]}>
        {(control) => (
          <Textarea
            {...control}
            rows={Math.min(12, Math.max(2, draft.command.split("\n").length))}
            className="font-mono text-xs"
            disabled={isLocked}
            value={draft.command}
            onChange={(event) => onChange({ ...draft, command: event.target.value })}
          />
        )}
      </Field>
      <Field label="Minutes" error={fields[`${name}.timeoutSeconds`]}>
        {(control) => (
          <Input
            {...control}
            type="number"
            min="0.1"
            step="any"
            disabled={isLocked}
            value={draft.minutes}
            onChange={(event) => onChange({ ...draft, minutes: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

"use client";
import { type FormEvent, useState } from "react";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Textarea } from "@/components/ui/textarea";
import type { RepositorySettings } from "@/server/domain/workspace-commands";
import { draftScript, readScript, type ScriptDraft, ScriptFields } from "./script-fields";
import { SettingsFooter } from "./settings-footer";
import { useSettingsForm } from "./use-settings-form";

type SetUpWhen = RepositorySettings["setUpWhen"];

interface Draft {
  setUp?: ScriptDraft;
  setUpWhen?: SetUpWhen;
  tearDown?: ScriptDraft;
  bringAlong?: string;
}

/** What happens to a workspace before its agent begins, and before it is removed. */
export function WorkspaceSettings({ repository }: { repository: string }) {
  const [draft, setDraft] = useState<Draft>({});
  const discard = () => setDraft({});
  const { settings, save, fields, isLocked } = useSettingsForm(repository, discard);
  const { data } = settings;
  if (!data && settings.isError) {
    return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />;
  }
  if (!data) return <SkeletonRows rows={4} label="Loading the set-up" />;
  const change = (changed: Draft) => setDraft({ ...draft, ...changed });
  const send = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ name: repository, ...readDraft(draft) });
  };
  const common = { fields, isLocked };
  return (
    <Section title="Workspaces">
      <form onSubmit={send} className="flex max-w-4xl flex-col gap-4 border-b px-4 py-3">
        <Field
          label="Files brought along"
          hint="Paths or patterns, one a line, of files that git ignores in the origin’s folder (.env, caches). They are copied into a new workspace before its set-up, where the origin is a folder on the worker’s host."
          error={firstOf(fields, "bringAlong")}
        >
          {(control) => (
            <Textarea
              {...control}
              rows={2}
              className="font-mono text-xs"
              disabled={isLocked}
              value={draft.bringAlong ?? data.bringAlong.join("\n")}
              onChange={(event) => change({ bringAlong: event.target.value })}
            />
          )}
        </Field>
        <ScriptFields
          {...common}
          label="Set-up script"
          hint="Run by bash in the workspace before the agent starts. When it fails, the run fails and no agent is started."
          name="setUp"
          draft={draft.setUp ?? draftScript(data.setUp)}
          onChange={(setUp) => change({ setUp })}
        />
        <WhenField
          value={draft.setUpWhen ?? data.setUpWhen}
          isLocked={isLocked}
          onChange={(setUpWhen) => change({ setUpWhen })}
        />
        <ScriptFields
          {...common}
          label="Tear-down script"
          hint="Run before a workspace is removed. Whatever it does, the files are kept and the removal goes on."
          name="tearDown"
          draft={draft.tearDown ?? draftScript(data.tearDown)}
          onChange={(tearDown) => change({ tearDown })}
        />
        <SettingsFooter
          isChanged={Object.keys(draft).length > 0}
          isBusy={save.isPending}
          isLocked={isLocked}
          error={save.error}
          onDiscard={discard}
        />
      </form>
    </Section>
  );
}

function WhenField({
  value,
  isLocked,
  onChange,
}: {
  value: SetUpWhen;
  isLocked: boolean;
  onChange: (value: SetUpWhen) => void;
}) {
  return (
    <Field label="When it is set up">
      {(control) => (
        <Select
          {...control}
          className="w-60"
          disabled={isLocked}
          value={value}
          onChange={(event) => onChange(event.target.value as SetUpWhen)}
        >
          <option value="new_workspace">Once, in a new workspace</option>
          <option value="every_run">Before every run</option>
        </Select>
      )}
    </Field>
  );
}

function readDraft({ setUp, setUpWhen, tearDown, bringAlong }: Draft) {
  return {
    ...(setUp ? { setUp: readScript(setUp) } : {}),
    ...(setUpWhen ? { setUpWhen } : {}),
    ...(tearDown ? { tearDown: readScript(tearDown) } : {}),
    ...(bringAlong === undefined ? {} : { bringAlong: readLines(bringAlong) }),
  };
}

function readLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

/** What is wrong with a list, or with one of its lines. */
function firstOf(fields: Record<string, string>, name: string): string | undefined {
  const found = Object.keys(fields).find((key) => key === name || key.startsWith(`${name}.`));
  return found ? fields[found] : undefined;
}

"use client";
import { type FormEvent, useState } from "react";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import { type CheckDraft, ChecksField, draftChecks, readChecks } from "./checks-field";
import { SettingsFooter } from "./settings-footer";
import { useSettingsForm } from "./use-settings-form";

const rounds = [0, 1, 2, 3, 4, 5];

/** The commands that decide whether work on this repository is good, and how often they go back. */
export function CheckSettings({ repository }: { repository: string }) {
  const [drafts, setDrafts] = useState<CheckDraft[] | null>(null);
  const [checkRounds, setCheckRounds] = useState<number | null>(null);
  const discard = () => {
    setDrafts(null);
    setCheckRounds(null);
  };
  const { settings, save, fields, isLocked } = useSettingsForm(repository, discard);
  const { data } = settings;
  if (!data && settings.isError) {
    return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />;
  }
  if (!data) return <SkeletonRows rows={3} label="Loading the checks" />;
  const send = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({
      name: repository,
      ...(drafts ? { checks: readChecks(drafts) } : {}),
      ...(checkRounds === null ? {} : { checkRounds }),
    });
  };
  return (
    <Section title="Checks" aside={data.checks.length || null}>
      <form onSubmit={send} className="flex max-w-4xl flex-col gap-4 border-b px-4 py-3">
        <p className="text-quiet">
          Commands that decide whether the work is good. They run in the workspace once the work is
          kept, by bash, and pass with exit code 0. A workflow’s own checks stand in their place.
        </p>
        <ChecksField
          drafts={drafts ?? draftChecks(data.checks)}
          fields={fields}
          isLocked={isLocked}
          onChange={setDrafts}
        />
        <Field
          label="Failing checks go back to the agent"
          hint="The agent then goes on in its session and mends what they found. A shell command gets none."
          error={fields.checkRounds}
        >
          {(control) => (
            <Select
              {...control}
              className="w-60"
              disabled={isLocked}
              value={checkRounds ?? data.checkRounds}
              onChange={(event) => setCheckRounds(Number(event.target.value))}
            >
              {rounds.map((count) => (
                <option key={count} value={count}>
                  {count === 0 ? "Never" : count === 1 ? "Once" : `Up to ${count} times`}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <SettingsFooter
          isChanged={drafts !== null || checkRounds !== null}
          isBusy={save.isPending}
          isLocked={isLocked}
          error={save.error}
          onDiscard={discard}
        />
      </form>
    </Section>
  );
}

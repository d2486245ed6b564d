"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { readError } from "@/components/live/read-error";
import { useTRPC } from "@/components/live/trpc";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { notify } from "@/components/ui/notify";
import { Select } from "@/components/ui/select";
import type { PolicyRules, RetentionRules } from "@/server/domain/retention";
import { PolicyFields } from "./policy-fields";
import { nameScope, type PolicyScope } from "./policy-list";
import { PolicyPreview } from "./policy-preview";

/** Edits the policy of one scope, and shows what it would make due before it is saved. */
export function PolicyDialog({
  scope,
  rules,
  builtIn,
  onClose,
}: {
  /** Null: to be chosen. */
  scope: PolicyScope | null;
  rules: PolicyRules;
  builtIn: RetentionRules;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [kind, setKind] = useState<ScopeKind>("repository");
  const [name, setName] = useState("");
  const [draft, setDraft] = useState(rules);
  const save = useMutation(
    trpc.cleanup.setPolicy.mutationOptions({
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: trpc.cleanup.pathKey() });
        void notify.success("The policy is saved.");
        onClose();
      },
    }),
  );
  const preview = useMutation(trpc.cleanup.previewPolicy.mutationOptions());
  const target = scope ?? { repository: null, workflow: null, [kind]: name.trim() };
  const input = { ...target, rules: draft };
  const fields = save.error ? readError(save.error).fields : {};
  const send = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(input);
  };
  return (
    <Dialog title={scope ? nameScope(scope) : "A policy of its own"} isOpen onClose={onClose}>
      <form onSubmit={send} className="flex flex-col gap-4">
        {!scope && (
          <ScopeFields
            kind={kind}
            name={name}
            error={fields.repository ?? fields.workflow}
            onKind={setKind}
            onName={setName}
          />
        )}
        <PolicyFields
          rules={draft}
          builtIn={builtIn}
          onChange={(changed) => {
            setDraft(changed);
            preview.reset();
          }}
        />
        {preview.data && <PolicyPreview preview={preview.data} />}
        {(save.error ?? preview.error) && <ErrorNote error={save.error ?? preview.error} />}
        <footer className="flex flex-wrap justify-end gap-2">
          <Button disabled={preview.isPending} onClick={() => preview.mutate(input)}>
            {preview.isPending ? "Looking…" : "What would it do?"}
          </Button>
          <Button type="submit" look="primary" disabled={save.isPending}>
            Save
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

type ScopeKind = "repository" | "workflow";

function ScopeFields({
  kind,
  name,
  error,
  onKind,
  onName,
}: {
  kind: ScopeKind;
  name: string;
  error: string | undefined;
  onKind: (kind: ScopeKind) => void;
  onName: (name: string) => void;
}) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label="For a">
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={kind}
            onChange={(event) => onKind(event.target.value as ScopeKind)}
          >
            <option value="repository">Repository</option>
            <option value="workflow">Workflow</option>
          </Select>
        )}
      </Field>
      <Field label="Named" error={error}>
        {(control) => (
          <Input
            {...control}
            required
            value={name}
            onChange={(event) => onName(event.target.value)}
          />
        )}
      </Field>
    </div>
  );
}

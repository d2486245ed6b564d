"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { readError } from "@/components/live/read-error";
import { useTRPC } from "@/components/live/trpc";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { notify } from "@/components/ui/notify";
import { Textarea } from "@/components/ui/textarea";
import type { SecretScope } from "@/server/domain/secrets";

/** Sets a new secret, or another value for the one of this name. */
export function SetSecretDialog({
  scope,
  name,
  onClose,
}: {
  scope: SecretScope;
  /** Null: a new one. */
  name: string | null;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const set = useMutation(
    trpc.secrets.set.mutationOptions({
      onSuccess: (view) => {
        void queryClient.invalidateQueries({ queryKey: trpc.secrets.list.queryKey(scope) });
        void notify.success(`${view.name} is set. Runs that start from now on have it.`);
        onClose();
      },
    }),
  );
  const fields = set.error ? readError(set.error).fields : {};
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (set.isPending) return;
    const form = new FormData(event.currentTarget);
    // A form sends line breaks as CR LF, and a key of several lines would be another one.
    const value = String(form.get("value") ?? "").replaceAll("\r\n", "\n");
    set.mutate({ ...scope, name: name ?? String(form.get("name") ?? "").trim(), value });
  };
  return (
    <Dialog title={name ? `Replace ${name}` : "Add a secret"} isOpen onClose={onClose}>
      <form className="flex flex-col gap-4" onSubmit={send} autoComplete="off">
        {name === null && (
          <Field
            label="Name"
            hint="The variable's name, in capital letters, e.g. NPM_TOKEN."
            error={fields.name}
          >
            {(control) => (
              <Input
                {...control}
                name="name"
                required
                maxLength={100}
                className="font-mono"
                spellCheck={false}
              />
            )}
          </Field>
        )}
        <Field
          label="Value"
          hint="At least 8 characters. It cannot be read again, only replaced."
          error={fields.value}
        >
          {(control) => (
            <Textarea
              {...control}
              name="value"
              rows={4}
              required
              spellCheck={false}
              className="font-mono"
            />
          )}
        </Field>
        {set.error && <ErrorNote error={set.error} />}
        <footer className="flex justify-end gap-2">
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" disabled={set.isPending}>
            {set.isPending ? "Setting it…" : name ? "Replace it" : "Set it"}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

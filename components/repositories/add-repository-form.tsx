"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { readError } from "@/components/live/read-error";
import { useTRPC } from "@/components/live/trpc";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { notify } from "@/components/ui/notify";

/** Registers a repository; a worker looks at the address first and says what is wrong with it. */
export function AddRepositoryForm({ onDone }: { onDone: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [origin, setOrigin] = useState("");
  const [name, setName] = useState<string | null>(null);
  const [defaultBranch, setDefaultBranch] = useState("");
  const add = useMutation(
    trpc.repositories.add.mutationOptions({
      onSuccess: (repository) => {
        void queryClient.invalidateQueries({ queryKey: trpc.repositories.list.pathKey() });
        void notify.success(`“${repository.name}” is registered.`);
        onDone();
      },
    }),
  );
  const fields = add.error ? readError(add.error).fields : {};
  const shownName = name ?? suggestName(origin);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (add.isPending) return;
    add.mutate({
      name: shownName.trim(),
      origin: origin.trim(),
      defaultBranch: defaultBranch.trim() || undefined,
    });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={send}>
      <Field
        label="Origin"
        hint="An absolute path on the worker's host, or an https:// or ssh:// address."
        error={fields.origin}
      >
        {(control) => (
          <Input
            {...control}
            required
            className="font-mono"
            value={origin}
            onChange={(event) => setOrigin(event.target.value)}
          />
        )}
      </Field>
      <Field label="Name" hint="How it is called here." error={fields.name}>
        {(control) => (
          <Input
            {...control}
            required
            value={shownName}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="Default branch"
        hint="Left empty, the origin's own."
        error={fields.defaultBranch}
      >
        {(control) => (
          <Input
            {...control}
            className="font-mono"
            value={defaultBranch}
            onChange={(event) => setDefaultBranch(event.target.value)}
          />
        )}
      </Field>
      {add.error && <ErrorNote error={add.error} />}
      <footer className="flex justify-end gap-2">
        <Button onClick={onDone}>Close</Button>
        <Button type="submit" look="primary" disabled={add.isPending}>
          {add.isPending ? "Looking at it…" : "Add it"}
        </Button>
      </footer>
    </form>
  );
}

function suggestName(origin: string): string {
  const last = origin.trim().replace(/\/+$/, "").split(/[/:]/).at(-1) ?? "";
  return last.replace(/\.git$/, "").replace(/[^A-Za-z0-9._-]/g, "-");
}

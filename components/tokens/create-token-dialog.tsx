"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { readError } from "@/components/live/read-error";
import { useTRPC } from "@/components/live/trpc";
import { RoleSelect } from "@/components/members/role-select";
import { Button } from "@/components/ui/button";
import { Copyable } from "@/components/ui/copyable";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { Role } from "@/server/domain/actor";

/** Makes a token and shows it, this once. */
export function CreateTokenDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [role, setRole] = useState<Role>("operator");
  const create = useMutation(
    trpc.tokens.create.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.tokens.list.queryKey() }),
    }),
  );
  const fields = create.error ? readError(create.error).fields : {};
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = Number(form.get("expiresInDays"));
    if (create.isPending) return;
    create.mutate({
      name: String(form.get("name")),
      role,
      expiresInDays: days > 0 ? days : undefined,
    });
  };
  if (create.data) {
    return (
      <Dialog title="The new token" isOpen onClose={onClose}>
        <div className="flex flex-col gap-4">
          <p>Copy it now. It is stored hashed and is never shown again.</p>
          <div className="rounded-md border border-edge bg-sunken px-3 py-2">
            <Copyable text={create.data.token} what="the token" />
          </div>
          <footer className="flex justify-end">
            <Button look="primary" onClick={onClose}>
              I have it
            </Button>
          </footer>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title="New token" isOpen onClose={onClose}>
      <form className="flex flex-col gap-4" onSubmit={send}>
        <Field label="Name" hint="What it is for; stands in the audit log." error={fields.name}>
          {(control) => <Input {...control} name="name" required maxLength={80} />}
        </Field>
        <div className="grid grid-cols-2 gap-4">
          <Field label="Role" error={fields.role}>
            {(control) => <RoleSelect id={control.id} role={role} onChoose={setRole} />}
          </Field>
          <Field label="Expires" error={fields.expiresInDays}>
            {(control) => (
              <Select {...control} name="expiresInDays" className="w-36" defaultValue="90">
                <option value="30">in 30 days</option>
                <option value="90">in 90 days</option>
                <option value="365">in a year</option>
                <option value="">never</option>
              </Select>
            )}
          </Field>
        </div>
        {create.error && <ErrorNote error={create.error} />}
        <footer className="flex justify-end gap-2">
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" disabled={create.isPending}>
            {create.isPending ? "Making it…" : "Make the token"}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { readError } from "@/components/live/read-error";
import { useTRPC } from "@/components/live/trpc";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field } from "@/components/ui/field";
import { notify } from "@/components/ui/notify";
import type { Role } from "@/server/domain/actor";
import { PersonFields } from "./person-fields";
import { RoleSelect } from "./role-select";

export function AddMemberForm({ onDone }: { onDone: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [role, setRole] = useState<Role>("operator");
  const add = useMutation(
    trpc.members.add.mutationOptions({
      onSuccess: (member) => {
        void queryClient.invalidateQueries({ queryKey: trpc.members.list.queryKey() });
        void notify.success(`${member.name} can sign in now.`);
        onDone();
      },
    }),
  );
  const fields = add.error ? readError(add.error).fields : {};
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (add.isPending) return;
    add.mutate({
      name: String(form.get("name")),
      email: String(form.get("email")),
      password: String(form.get("password")),
      role,
    });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={send}>
      <PersonFields
        fields={fields}
        passwordHint="At least 12 characters. Tell it to them yourself."
      />
      <Field label="Role" error={fields.role}>
        {(control) => <RoleSelect id={control.id} role={role} onChoose={setRole} />}
      </Field>
      {add.error && <ErrorNote error={add.error} />}
      <footer className="flex justify-end gap-2">
        <Button onClick={onDone}>Close</Button>
        <Button type="submit" look="primary" disabled={add.isPending}>
          {add.isPending ? "Adding…" : "Add the member"}
        </Button>
      </footer>
    </form>
  );
}

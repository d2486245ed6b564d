"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { readError } from "@/components/live/read-error";
import { useTRPC } from "@/components/live/trpc";
import { useMember } from "@/components/shell/member";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

/** When a silent host is declared lost by itself: never, unless an admin says otherwise. */
export function LostLimit() {
  const trpc = useTRPC();
  const { isAdmin } = useMember();
  const [isEditing, setIsEditing] = useState(false);
  const query = useQuery(trpc.workers.lostLimit.queryOptions());
  if (!query.data) return null;
  const { minutes } = query.data;
  return (
    <div className="border-b px-4 py-2 text-xs text-quiet">
      <div className="flex flex-wrap items-center gap-x-2">
        {minutes === null
          ? "Only a person declares a silent host lost."
          : `A host that is silent for ${minutes} minutes is declared lost by itself.`}
        {isAdmin && !isEditing && (
          <Button look="quiet" size="small" onClick={() => setIsEditing(true)}>
            Change
          </Button>
        )}
      </div>
      {isEditing && <LimitForm minutes={minutes} onDone={() => setIsEditing(false)} />}
    </div>
  );
}

function LimitForm({ minutes, onDone }: { minutes: number | null; onDone: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const set = useMutation(
    trpc.workers.setLostLimit.mutationOptions({
      onSuccess: (limit) => {
        queryClient.setQueryData(trpc.workers.lostLimit.queryKey(), limit);
        onDone();
      },
    }),
  );
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wanted = String(new FormData(event.currentTarget).get("minutes")).trim();
    set.mutate({ minutes: wanted === "" ? null : Number(wanted) });
  };
  const fields = set.error ? readError(set.error).fields : {};
  return (
    <form onSubmit={send} className="mt-2 flex max-w-md flex-col gap-2">
      <Field
        label="Minutes of silence"
        hint="Empty: never by itself. The old processes are not proved dead when another host takes over."
        error={fields.minutes}
      >
        {(control) => (
          <Input
            {...control}
            name="minutes"
            type="number"
            min={5}
            max={43200}
            defaultValue={minutes ?? ""}
          />
        )}
      </Field>
      {set.error && <ErrorNote error={set.error} />}
      <div className="flex gap-2">
        <Button type="submit" look="primary" size="small" disabled={set.isPending}>
          Set it
        </Button>
        <Button size="small" onClick={onDone}>
          Keep it
        </Button>
      </div>
    </form>
  );
}

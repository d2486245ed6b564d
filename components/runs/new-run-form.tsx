"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { readError } from "@/components/live/read-error";
import { useTRPC } from "@/components/live/trpc";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorNote } from "@/components/ui/error-note";
import { Field } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { submitOnModEnter } from "@/components/ui/submit-on-mod-enter";
import { Textarea } from "@/components/ui/textarea";
import { makeKey } from "./make-key";
import { NewRunOptions } from "./new-run-options";
import { readRunForm } from "./read-run-form";
import { RunPlaceFields } from "./run-place-fields";

/**
 * Starts a run. One key a form: however often it is sent, it makes one run. After a refused try
 * the key stays, since nothing was made.
 */
export function NewRunForm({ workflow, repository }: { workflow: string; repository: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const workflows = useQuery(trpc.workflows.list.queryOptions({ limit: 200 }));
  const repositories = useQuery(trpc.repositories.list.queryOptions({ limit: 200 }));
  const [chosen, setChosen] = useState({ workflow, repository });
  const [idempotencyKey, setIdempotencyKey] = useState("");
  const start = useMutation(
    trpc.runs.start.mutationOptions({ onSuccess: (run) => router.push(`/runs/${run.id}`) }),
  );
  const isBusy = start.isPending || start.isSuccess;
  const fields = start.error ? readError(start.error).fields : {};

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy) return;
    const key = idempotencyKey || makeKey();
    setIdempotencyKey(key);
    start.mutate({ ...readRunForm(new FormData(event.currentTarget)), idempotencyKey: key });
  };

  if (workflows.data?.items.length === 0) return <NothingToRun what="workflow" />;
  if (repositories.data?.items.length === 0) return <NothingToRun what="repository" />;
  const current = workflows.data?.items.find((one) => one.name === chosen.workflow);
  return (
    <form className="flex max-w-2xl flex-col gap-4 p-4" onSubmit={send}>
      <RunPlaceFields
        workflows={workflows.data?.items ?? []}
        repositories={repositories.data?.items ?? []}
        chosen={chosen}
        onChoose={setChosen}
        fields={fields}
      />
      <Field
        label="Message"
        hint="What the agent is to do. For a shell command it stands in COPPICE_MESSAGE."
        error={fields.message}
      >
        {(control) => (
          <Textarea
            {...control}
            name="message"
            required
            rows={10}
            autoFocus
            onKeyDown={submitOnModEnter}
          />
        )}
      </Field>
      <NewRunOptions workflow={current} fields={fields} />
      {start.error && <ErrorNote error={start.error} />}
      <footer className="flex items-center gap-3">
        <Button type="submit" look="primary" disabled={isBusy}>
          {isBusy ? "Starting…" : "Start the run"}
        </Button>
        <span className="flex items-center gap-1 text-xs text-faint max-md:hidden">
          <Kbd>⌘</Kbd>
          <Kbd>Enter</Kbd>
        </span>
      </footer>
    </form>
  );
}

function NothingToRun({ what }: { what: "workflow" | "repository" }) {
  const href = what === "workflow" ? "/workflows/new" : "/repositories";
  return (
    <EmptyState
      title={`There is no ${what} yet.`}
      action={
        <ButtonLink href={href}>
          {what === "workflow" ? "New workflow" : "Add a repository"}
        </ButtonLink>
      }
    >
      {what === "workflow"
        ? "A run carries out a workflow: a saved recipe of agent, prompt and limits. An admin makes them."
        : "A run works on a repository that was registered. An admin adds them."}
    </EmptyState>
  );
}

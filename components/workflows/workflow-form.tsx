"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { draftChecks, readChecks } from "@/components/checks/checks-field";
import { PolicyFields } from "@/components/delivery/policy-fields";
import { readError } from "@/components/live/read-error";
import { useTRPC } from "@/components/live/trpc";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { ErrorNote } from "@/components/ui/error-note";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { notify } from "@/components/ui/notify";
import { Select } from "@/components/ui/select";
import { submitOnModEnter } from "@/components/ui/submit-on-mod-enter";
import type { WorkflowView } from "@/server/domain/views";
import { readWorkflowForm } from "./read-workflow-form";
import { WorkflowAgentFields } from "./workflow-agent-fields";
import { WorkflowChecks } from "./workflow-checks";
import { WorkflowLimitFields } from "./workflow-limit-fields";

const offeredAgents = [
  { kind: "claude-code", label: "Claude Code" },
  { kind: "codex", label: "Codex" },
  { kind: "acp", label: "Agent of the Agent Client Protocol" },
  { kind: "shell", label: "Shell command" },
] as const;
export type OfferedAgent = (typeof offeredAgents)[number]["kind"] | WorkflowView["agent"];

/** Makes a workflow, or the next version of `workflow`. */
export function WorkflowForm({ workflow }: { workflow?: WorkflowView }) {
  const [agent, setAgent] = useState<OfferedAgent>(workflow?.agent ?? "claude-code");
  const [checks, setChecks] = useState(workflow?.checks ? draftChecks(workflow.checks) : null);
  const [rounds, setRounds] = useState(workflow?.checkRounds ?? null);
  const { save, error, isBusy } = useSaveWorkflow(workflow);
  const fields = error ? readError(error).fields : {};
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy) return;
    const definition = readWorkflowForm(new FormData(event.currentTarget));
    save({ ...definition, checks: checks && readChecks(checks), checkRounds: rounds });
  };
  return (
    <form
      className="flex max-w-2xl flex-col gap-4 p-4"
      onSubmit={send}
      onKeyDown={submitOnModEnter}
    >
      <NameFields workflow={workflow} fields={fields} />
      <Field label="Agent" error={fields.agent}>
        {(control) => (
          <Select
            {...control}
            name="agent"
            className="w-60"
            value={agent}
            onChange={(event) => setAgent(event.target.value as OfferedAgent)}
          >
            {offeredAgents.map(({ kind, label }) => (
              <option key={kind} value={kind}>
                {label}
              </option>
            ))}
            {workflow && !offeredAgents.some(({ kind }) => kind === workflow.agent) && (
              <option value={workflow.agent}>{workflow.agent}</option>
            )}
          </Select>
        )}
      </Field>
      <WorkflowAgentFields agent={agent} workflow={workflow} fields={fields} />
      <WorkflowLimitFields workflow={workflow} fields={fields} />
      <PolicyFields
        policy={workflow?.delivery}
        inherited="As its repository says"
        fields={fields}
      />
      <WorkflowChecks
        fields={fields}
        checks={checks}
        rounds={rounds}
        onChecks={setChecks}
        onRounds={setRounds}
      />
      {error ? <ErrorNote error={error} /> : null}
      <footer className="flex gap-2">
        <Button type="submit" look="primary" disabled={isBusy}>
          {isBusy ? "Saving…" : workflow ? "Save as the next version" : "Make the workflow"}
        </Button>
        <ButtonLink look="quiet" href={workflow ? `/workflows/${workflow.name}` : "/workflows"}>
          Leave it
        </ButtonLink>
      </footer>
    </form>
  );
}

function NameFields({
  workflow,
  fields,
}: {
  workflow?: WorkflowView;
  fields: Record<string, string>;
}) {
  return (
    <>
      <Field label="Name" hint="Lower-case letters, digits, “.”, “_” and “-”." error={fields.name}>
        {(control) => (
          <Input
            {...control}
            name="name"
            required
            readOnly={workflow !== undefined}
            defaultValue={workflow?.name}
          />
        )}
      </Field>
      <Field label="Description" error={fields.description}>
        {(control) => (
          <Input
            {...control}
            name="description"
            maxLength={500}
            defaultValue={workflow?.description}
          />
        )}
      </Field>
    </>
  );
}

type CheckFields = Pick<WorkflowView, "checks" | "checkRounds">;

function useSaveWorkflow(workflow: WorkflowView | undefined) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const onSuccess = (saved: WorkflowView) => {
    void queryClient.invalidateQueries({ queryKey: trpc.workflows.pathKey() });
    void notify.success(`“${saved.name}” is saved as version ${saved.version}.`);
    router.push(`/workflows/${saved.name}`);
  };
  const create = useMutation(trpc.workflows.create.mutationOptions({ onSuccess }));
  const update = useMutation(trpc.workflows.update.mutationOptions({ onSuccess }));
  const used = workflow ? update : create;
  return {
    save: (definition: ReturnType<typeof readWorkflowForm> & CheckFields) =>
      workflow ? update.mutate(definition) : create.mutate(definition),
    error: used.error,
    isBusy: used.isPending || used.isSuccess,
  };
}

"use client";
import dynamic from "next/dynamic";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { loadAgain } from "@/components/ui/load-again";
import { Skeleton } from "@/components/ui/skeleton";
import { Textarea } from "@/components/ui/textarea";
import type { WorkflowView } from "@/server/domain/views";
import type { OfferedAgent } from "./workflow-form";
import { WorkflowPermissionFields } from "./workflow-permission-fields";

const McpServersField = dynamic(
  () => loadAgain(() => import("./mcp-servers-field")).then((module) => module.McpServersField),
  { ssr: false, loading: () => <Skeleton className="h-36" /> },
);

const acpCommandHint =
  "One program and its arguments, started without a shell, e.g. gemini --acp --skip-trust or opencode acp. Its model stands here too.";

const toolHints = {
  codex: "exec_command for commands, apply_patch for changes. Left empty, all in its workspace.",
  other: "Separated by commas, e.g. Bash, Edit, Write. Never asked for.",
};

/** What the chosen agent needs to know: a command, or prompts and tools. */
export function WorkflowAgentFields({
  agent,
  workflow,
  fields,
}: {
  agent: OfferedAgent;
  workflow?: WorkflowView;
  fields: Record<string, string>;
}) {
  if (agent === "shell") {
    return <ShellCommand workflow={workflow} fault={fields.command} />;
  }
  return (
    <>
      {agent === "acp" && <AcpCommand workflow={workflow} fault={fields.command} />}
      <Field label="Prompt" hint="Put before the message of every run." error={fields.prompt}>
        {(control) => (
          <Textarea {...control} name="prompt" rows={5} defaultValue={workflow?.prompt ?? ""} />
        )}
      </Field>
      <Field label="System prompt" hint="Added to the agent's own." error={fields.systemPrompt}>
        {(control) => (
          <Textarea
            {...control}
            name="systemPrompt"
            rows={3}
            defaultValue={workflow?.systemPrompt ?? ""}
          />
        )}
      </Field>
      <div className="grid gap-4 md:grid-cols-2">
        {agent !== "acp" && (
          <Field label="Model" hint="Left empty, the agent's default." error={fields.model}>
            {(control) => (
              <Input
                {...control}
                name="model"
                className="font-mono"
                defaultValue={workflow?.model ?? ""}
              />
            )}
          </Field>
        )}
        <Field
          label="Allowed tools"
          hint={toolHints[agent === "codex" ? "codex" : "other"]}
          error={fields.allowedTools}
        >
          {(control) => (
            <Input
              {...control}
              name="allowedTools"
              className="font-mono"
              defaultValue={workflow?.allowedTools?.join(", ") ?? ""}
            />
          )}
        </Field>
      </div>
      <WorkflowPermissionFields workflow={workflow} fields={fields} />
      <McpServersField servers={workflow?.mcpServers} fields={fields} />
    </>
  );
}

/** One line, because no shell reads it. */
function AcpCommand({ workflow, fault }: { workflow?: WorkflowView; fault: string | undefined }) {
  return (
    <Field label="Command" hint={acpCommandHint} error={fault}>
      {(control) => (
        <Input
          {...control}
          name="command"
          required
          spellCheck={false}
          className="font-mono"
          defaultValue={workflow?.command ?? ""}
        />
      )}
    </Field>
  );
}

function ShellCommand({ workflow, fault }: { workflow?: WorkflowView; fault: string | undefined }) {
  return (
    <Field
      label="Command"
      hint="Run by bash -c in the workspace. The message stands in COPPICE_MESSAGE, the run id in COPPICE_RUN_ID."
      error={fault}
    >
      {(control) => (
        <Textarea
          {...control}
          name="command"
          rows={6}
          required
          spellCheck={false}
          className="font-mono"
          defaultValue={workflow?.command ?? ""}
        />
      )}
    </Field>
  );
}

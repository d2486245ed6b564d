import type { ReactNode } from "react";
import { describePolicy } from "@/components/delivery/describe-policy";
import { agentNames } from "@/components/runs/agent-names";
import { CopyButton } from "@/components/ui/copy-button";
import { formatBytes } from "@/components/ui/format-number";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { limits } from "@/server/domain/limits";
import type { WorkflowDefinition } from "@/server/domain/workflow";
import { permissionWords } from "./permission-words";

const sandboxWords = {
  auto: "where the worker can make one",
  on: "always; without one the run fails",
  off: "never",
} as const satisfies Record<WorkflowDefinition["sandbox"], string>;

/** What one version of a workflow says, field by field. */
export function WorkflowDefinitionView({ definition }: { definition: WorkflowDefinition }) {
  const { timeoutSeconds, maxCostUsd, maxTurns, allowedTools } = definition;
  const permissions = definition.permissions ?? "allow_list";
  const deadlineSeconds = definition.askDeadlineSeconds ?? limits.defaultAskDeadlineSeconds;
  const isAsked = permissions === "ask" || permissions === "accept_edits";
  const { maxTokens, stallSeconds, maxOutputBytes } = definition;
  return (
    <dl className="divide-y border-b">
      <Fact name="Agent">{agentNames[definition.agent]}</Fact>
      {definition.model && <Fact name="Model">{definition.model}</Fact>}
      <Fact name="Workspace">{definition.workspace}</Fact>
      <Fact name="Sandbox">{sandboxWords[definition.sandbox]}</Fact>
      <Fact name="Limits">
        {timeoutSeconds ? `${timeoutSeconds / 60} min` : "Coppice's time limit"}
        {" · "}
        {maxTurns ? `${maxTurns} turns` : "no turn limit"}
        {" · "}
        {maxCostUsd ? `$${maxCostUsd}` : "no cost limit"}
        {maxTokens && ` · ${maxTokens.toLocaleString("en-US")} tokens`}
        {stallSeconds && ` · ${stallSeconds / 60} min of silence`}
        {maxOutputBytes && ` · ${formatBytes(maxOutputBytes)} of output`}
      </Fact>
      {definition.delivery && <Fact name="Delivery">{describePolicy(definition.delivery)}</Fact>}
      {allowedTools && (
        <Fact name="Allowed tools">
          <span className="font-mono text-xs">{allowedTools.join(", ") || "none"}</span>
        </Fact>
      )}
      {definition.agent !== "shell" && (
        <Fact name="Permissions">
          {permissionWords[permissions]}
          {isAsked && `; denied after ${deadlineSeconds / 60} min without an answer`}
        </Fact>
      )}
      {definition.mcpServers && Object.keys(definition.mcpServers).length > 0 && (
        <LongFact name="MCP servers" text={JSON.stringify(definition.mcpServers, null, 2)} />
      )}
      {definition.checks && (
        <Fact name="Checks">
          {definition.checks.length === 0 && "none, also where the repository has some"}
          <ul>
            {definition.checks.map(({ name, command }) => (
              <li key={name}>
                {name}: <code className="font-mono text-xs break-all">{command}</code>
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {typeof definition.checkRounds === "number" && (
        <Fact name="Sent back">
          {definition.checkRounds === 0
            ? "failing checks never go back to the agent"
            : `failing checks go back to the agent up to ${definition.checkRounds} times`}
        </Fact>
      )}
      {definition.command && <LongFact name="Command" text={definition.command} />}
      {definition.systemPrompt && <LongFact name="System prompt" text={definition.systemPrompt} />}
      {definition.prompt && <LongFact name="Prompt" text={definition.prompt} />}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 px-4 py-2 md:grid-cols-[128px_minmax(0,1fr)]">
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

function LongFact({ name, text }: { name: string; text: string }) {
  return (
    <Fact name={name}>
      <div className="flex items-start gap-2">
        <ScrollRegion label={name} className="max-h-72 min-w-0 flex-1 overflow-auto">
          <pre className="font-mono text-xs whitespace-pre-wrap">{text}</pre>
        </ScrollRegion>
        <CopyButton text={text} what={name.toLowerCase()} />
      </div>
    </Fact>
  );
}

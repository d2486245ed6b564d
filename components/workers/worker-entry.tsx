import { CircleCheck, CircleSlash } from "lucide-react";
import { agentNames } from "@/components/runs/agent-names";
import { CopyButton } from "@/components/ui/copy-button";
import { RelativeTime } from "@/components/ui/relative-time";
import type { WorkerView } from "@/server/domain/views";
import { IsolationBadge } from "./isolation-badge";
import { WorkerActions } from "./worker-actions";
import { WorkerStanding } from "./worker-standing";
import { WorkerStateBadge } from "./worker-state-badge";

/** One worker: whether it is there, how busy it is, how it confines agents, and which it found. */
export function WorkerEntry({ worker }: { worker: WorkerView }) {
  return (
    <li className="grid gap-x-6 gap-y-3 border-b px-4 py-3 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <div className="flex flex-col items-start gap-1.5">
        <div className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{worker.name}</span>
          <WorkerStateBadge state={worker.state} />
          <WorkerActions worker={worker} />
        </div>
        <p className="text-quiet">
          {worker.held} of {worker.slots} {worker.slots === 1 ? "slot" : "slots"} held
          {worker.capacity !== null && (
            <span className="text-faint"> (set here; started with {worker.startedWithSlots})</span>
          )}
        </p>
        <WorkerStanding worker={worker} />
        <p className="text-xs text-faint">
          {worker.host}
          {worker.pid !== null && ` · pid ${worker.pid}`} · version {worker.version} · last beat{" "}
          <RelativeTime at={worker.heartbeatAt} /> · started <RelativeTime at={worker.startedAt} />
        </p>
        <IsolationBadge isolation={worker.isolation} why={worker.isolationWhy} />
        <p className="text-xs text-faint">{worker.isolationWhy}</p>
      </div>
      <ul aria-label={`Agents on ${worker.name}`} className="flex flex-col gap-1.5">
        {worker.agents.map((agent) => (
          <li key={agent.kind} className="grid grid-cols-[120px_minmax(0,1fr)] gap-x-3">
            <span>{agentNames[agent.kind]}</span>
            {agent.problem ? (
              <div className="min-w-0">
                <p className="flex items-center gap-1.5 text-warn">
                  <CircleSlash aria-hidden className="size-3.5 shrink-0" />
                  {agent.problem}
                </p>
                {agent.howToInstall && <HowToInstall text={agent.howToInstall} />}
              </div>
            ) : (
              <span className="flex min-w-0 items-center gap-1.5 text-quiet">
                <CircleCheck aria-hidden className="size-3.5 shrink-0 text-good" />
                <span className="truncate">
                  {agent.version ?? "found"}
                  {agent.program && <span className="font-mono text-xs"> · {agent.program}</span>}
                </span>
              </span>
            )}
          </li>
        ))}
      </ul>
    </li>
  );
}

function HowToInstall({ text }: { text: string }) {
  const command = /“([^”]+)”/.exec(text)?.[1];
  return (
    <div className="flex items-start gap-1 text-xs leading-5 text-quiet">
      <p className="min-w-0 break-words">{text}</p>
      {command && <CopyButton text={command} what="the command that installs it" />}
    </div>
  );
}

import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/relative-time";
import { Section } from "@/components/ui/section";
import { IsolationBadge } from "@/components/workers/isolation-badge";
import { type AgentProgramView, findSandboxFix } from "@/server/domain/agent-program";
import { AgentEntry } from "./agent-entry";
import { AgentFixes } from "./agent-fixes";

/** One worker's host: how agents are kept apart there, and each of them. */
export function AgentHost({ worker, agents }: { worker: string; agents: AgentProgramView[] }) {
  const [first] = agents;
  if (!first) return null;
  const { host, isAlive, seenAt, isolation, isolationWhy } = first;
  return (
    <Section title={worker}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-2 text-xs text-quiet">
        <span className="font-mono">{host}</span>
        {!isAlive && <Badge tone="warn">away</Badge>}
        <IsolationBadge isolation={isolation} why={isolationWhy} />
        <span className="text-faint">
          seen <RelativeTime at={seenAt} />
        </span>
        <AgentFixes fixes={findSandboxFix(isolation, isolationWhy)} />
      </div>
      <ul aria-label={`Agents on ${worker}`}>
        {agents.map((agent) => (
          <AgentEntry key={agent.name} agent={agent} />
        ))}
      </ul>
    </Section>
  );
}

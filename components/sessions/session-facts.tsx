import type { inferRouterOutputs } from "@trpc/server";
import type { ReactNode } from "react";
import { ActorName } from "@/components/runs/actor-name";
import { agentNames } from "@/components/runs/agent-names";
import { Copyable } from "@/components/ui/copyable";
import { formatCost, formatCount } from "@/components/ui/format-number";
import { RelativeTime } from "@/components/ui/relative-time";
import type { AppRouter } from "@/server/api/router";
import { sumUsage, wordSum } from "./sum-usage";

export type SessionView = inferRouterOutputs<AppRouter>["sessions"]["get"];

/** A session's ids, where it works, and what it used so far. */
export function SessionFacts({ session }: { session: SessionView }) {
  const used = sumUsage(session.runs);
  const tokens = [
    `${wordSum(used.inputTokens, formatCount)} in`,
    `${wordSum(used.cachedTokens, formatCount)} cached`,
    `${wordSum(used.outputTokens, formatCount)} out`,
  ];
  const isKnown = used.inputTokens.sum !== null || used.outputTokens.sum !== null;
  return (
    <dl className="grid grid-cols-[88px_minmax(0,1fr)] items-center gap-x-4 gap-y-1 border-b px-4 py-3 md:grid-cols-[88px_minmax(0,1fr)_88px_minmax(0,1fr)]">
      <Fact name="Session">
        <Copyable text={session.id} what="the session id" />
      </Fact>
      {session.agentSessions.map(({ agent, nativeId }) => (
        <Fact key={agent} name={agentNames[agent]}>
          <Copyable text={nativeId} what={`the agent session id of ${agentNames[agent]}`} />
        </Fact>
      ))}
      <Fact name="Repository">{session.repository.name}</Fact>
      <Fact name="Branch">
        <Copyable text={session.branch} what="the branch" />
      </Fact>
      <Fact name="Begun">
        <RelativeTime at={session.createdAt} /> by <ActorName actor={session.createdBy} />
      </Fact>
      <Fact name="Cost so far">{wordSum(used.costUsd, formatCost)}</Fact>
      <Fact name="Tokens so far">{isKnown ? tokens.join(", ") : "unknown"}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-xs text-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

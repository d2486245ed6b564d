"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { agentNames } from "@/components/runs/agent-names";
import { Copyable } from "@/components/ui/copyable";
import { IsolationBadge } from "@/components/workers/isolation-badge";
import type { RunView } from "@/server/domain/run-view";

/** Every id of the run, each to be copied; a place is kept for those that are not known yet. */
export function IdentityCard({ run }: { run: RunView }) {
  const { workspace, worker } = run;
  const short = (sha: string | null) => sha?.slice(0, 12);
  return (
    <aside
      aria-label="Identity"
      className="shrink-0 overflow-y-auto border-line max-lg:border-t lg:w-80 lg:border-l xl:w-[25.5rem]"
    >
      <dl className="divide-y">
        <Group>
          <Fact name="Run">
            <Copyable text={run.id} what="the run id" />
          </Fact>
          <Fact name="Session">
            <Copyable
              text={run.sessionId}
              what="the session id"
              href={`/sessions/${run.sessionId}`}
            />
          </Fact>
          <Fact name="Agent session">
            <Copyable text={run.agentSessionId} what="the agent session id" />
          </Fact>
          <Fact name="Agent">{agentNames[run.agent]}</Fact>
        </Group>
        <Group>
          <Fact name="Attempt">{run.attempt > 0 ? run.attempt : <Unknown />}</Fact>
          <Fact name="Attempt id">
            <Copyable text={run.attemptId} what="the attempt id" />
          </Fact>
          <Fact name="Worker">
            {worker ? (
              <Link href="/workers" className="hover:underline">
                {worker.name}@{worker.host}
              </Link>
            ) : (
              <Unknown />
            )}
          </Fact>
          <Fact name="Pid">
            <Copyable text={run.pid === null ? null : String(run.pid)} what="the pid" />
          </Fact>
          <Fact name="Isolation">
            {run.isolation ? <IsolationBadge isolation={run.isolation} /> : <Unknown />}
          </Fact>
        </Group>
        <Group>
          <Fact name="Workspace">
            <Copyable text={workspace.id} what="the workspace id" />
          </Fact>
          <Fact name="Kind">
            {workspace.kind}, {workspace.state}
          </Fact>
          <Fact name="Path">
            <Copyable text={workspace.path} what="the workspace path" />
          </Fact>
          <Fact name="Branch">
            <Copyable text={workspace.branch} what="the branch" />
          </Fact>
          <Fact name="Base commit">
            <Copyable
              text={workspace.baseCommit}
              shown={short(workspace.baseCommit)}
              what="the base commit"
            />
          </Fact>
          <Fact name="Head commit">
            <Copyable
              text={workspace.headCommit}
              shown={short(workspace.headCommit)}
              what="the head commit"
            />
          </Fact>
        </Group>
        <Group>
          <Fact name="Time limit">
            {formatLimit(run.limits.timeoutSeconds, (s) => `${Math.round(s / 60)} min`)}
          </Fact>
          <Fact name="Turn limit">{formatLimit(run.limits.maxTurns, String)}</Fact>
          <Fact name="Cost limit">{formatLimit(run.limits.maxCostUsd, (usd) => `$${usd}`)}</Fact>
        </Group>
      </dl>
    </aside>
  );
}

function Group({ children }: { children: ReactNode }) {
  return <div className="py-2">{children}</div>;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid min-h-6 grid-cols-[88px_minmax(0,1fr)] items-center gap-2 px-4">
      <dt className="text-xs text-faint">{name}</dt>
      <dd className="min-w-0 truncate text-xs">{children}</dd>
    </div>
  );
}

function Unknown() {
  return <span className="text-faint">–</span>;
}

function formatLimit(limit: number | null, format: (limit: number) => string): ReactNode {
  return limit === null ? <span className="text-faint">none</span> : format(limit);
}

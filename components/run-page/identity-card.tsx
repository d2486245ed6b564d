"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { agentNames } from "@/components/runs/agent-names";
import { Copyable } from "@/components/ui/copyable";
import { IsolationBadge } from "@/components/workers/isolation-badge";
import type { RunView } from "@/server/domain/run-view";

/** Every id of the run, each to be copied; a place is kept for those that are not known yet. */
export function IdentityCard({ run }: { run: RunView }) {
  return (
    <aside
      aria-label="Identity"
      className="shrink-0 overflow-y-auto border-line max-lg:border-t lg:w-80 lg:border-l xl:w-[26.5rem]"
    >
      <div className="divide-y">
        <SessionFacts run={run} />
        <AttemptFacts run={run} />
        <WorkspaceFacts workspace={run.workspace} />
        <LimitFacts limits={run.limits} />
      </div>
    </aside>
  );
}

function SessionFacts({ run }: { run: RunView }) {
  const { sessionId } = run;
  return (
    <dl className="py-2">
      <Fact name="Run">
        <Copyable text={run.id} what="the run id" />
      </Fact>
      <Fact name="Session">
        <Copyable text={sessionId} what="the session id" href={`/sessions/${sessionId}`} />
      </Fact>
      <Fact name="Agent session">
        <Copyable text={run.agentSessionId} what="the agent session id" />
      </Fact>
      <Fact name="Agent">{agentNames[run.agent]}</Fact>
    </dl>
  );
}

function AttemptFacts({ run }: { run: RunView }) {
  return (
    <dl className="py-2">
      <Fact name="Attempt">{run.attempt > 0 ? run.attempt : <Unknown />}</Fact>
      <Fact name="Attempt id">
        <Copyable text={run.attemptId} what="the attempt id" />
      </Fact>
      <Fact name="Worker">
        {run.worker ? (
          <Link href="/workers" className="hover:underline">
            {run.worker.name}@{run.worker.host}
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
    </dl>
  );
}

function WorkspaceFacts({ workspace }: { workspace: RunView["workspace"] }) {
  const short = (sha: string | null) => sha?.slice(0, 12);
  const { baseCommit, headCommit } = workspace;
  return (
    <dl className="py-2">
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
        <Copyable text={baseCommit} shown={short(baseCommit)} what="the base commit" />
      </Fact>
      <Fact name="Head commit">
        <Copyable text={headCommit} shown={short(headCommit)} what="the head commit" />
      </Fact>
    </dl>
  );
}

function LimitFacts({ limits }: { limits: RunView["limits"] }) {
  const { timeoutSeconds, maxTurns, maxCostUsd, maxTokens, stallSeconds } = limits;
  return (
    <dl className="py-2">
      <Fact name="Time limit">
        {timeoutSeconds === null ? <NoLimit /> : spellSeconds(timeoutSeconds)}
      </Fact>
      <Fact name="Turn limit">{maxTurns ?? <NoLimit />}</Fact>
      <Fact name="Cost limit">{maxCostUsd === null ? <NoLimit /> : `$${maxCostUsd}`}</Fact>
      <Fact name="Token limit">{maxTokens?.toLocaleString("en-US") ?? <NoLimit />}</Fact>
      <Fact name="Silence">{stallSeconds === null ? <NoLimit /> : spellSeconds(stallSeconds)}</Fact>
    </dl>
  );
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

function NoLimit() {
  return <span className="text-faint">none</span>;
}

function spellSeconds(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

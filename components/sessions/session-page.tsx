"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTRPC } from "@/components/live/trpc";
import { ActorName } from "@/components/runs/actor-name";
import { agentNames } from "@/components/runs/agent-names";
import { MessageForm } from "@/components/runs/message-form";
import { RunTable } from "@/components/runs/run-table";
import { useMember } from "@/components/shell/member";
import { Copyable } from "@/components/ui/copyable";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton";

/** A session: its ids, its runs, and the field that goes on with it. */
export function SessionPage({ id }: { id: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.sessions.get.queryOptions({ id }));
  const session = query.data;
  if (!session) {
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <SkeletonRows rows={6} label="Loading the session" />
    );
  }
  return (
    <>
      <PageHeader title={session.title || "Session"} />
      <dl className="grid grid-cols-[112px_minmax(0,1fr)] items-center gap-x-4 gap-y-1 border-b px-4 py-3">
        <dt className="text-xs text-faint">Session</dt>
        <dd>
          <Copyable text={session.id} what="the session id" />
        </dd>
        {session.agentSessions.map(({ agent, nativeId }) => (
          <div key={agent} className="contents">
            <dt className="text-xs text-faint">{agentNames[agent]}</dt>
            <dd>
              <Copyable text={nativeId} what={`the agent session id of ${agentNames[agent]}`} />
            </dd>
          </div>
        ))}
        <dt className="text-xs text-faint">Repository</dt>
        <dd>{session.repository.name}</dd>
        <dt className="text-xs text-faint">Branch</dt>
        <dd>
          <Copyable text={session.branch} what="the branch" />
        </dd>
        <dt className="text-xs text-faint">Begun</dt>
        <dd>
          <RelativeTime at={session.createdAt} /> by <ActorName actor={session.createdBy} />
        </dd>
      </dl>
      <Section title="Runs" aside={session.runs.length}>
        <RunTable label="Runs of this session" runs={session.runs} />
      </Section>
      <ContinueSection id={id} />
    </>
  );
}

function ContinueSection({ id }: { id: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const { mayOperate } = useMember();
  const next = useMutation(
    trpc.sessions.continue.mutationOptions({ onSuccess: (run) => router.push(`/runs/${run.id}`) }),
  );
  if (!mayOperate) return null;
  return (
    <Section title="Continue">
      <div className="max-w-2xl p-4">
        <MessageForm
          initialMessage=""
          action="Send and run"
          isBusy={next.isPending || next.isSuccess}
          error={next.error}
          onSubmit={(message) => next.mutate({ id, message })}
        >
          <p className="text-xs text-faint">
            A new run in the same workspace; the agent goes on with all it knows of this session.
          </p>
        </MessageForm>
      </div>
    </Section>
  );
}

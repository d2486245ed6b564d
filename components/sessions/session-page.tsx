"use client";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useTRPC } from "@/components/live/trpc";
import { isEnded } from "@/components/runs/run-status";
import { useMember } from "@/components/shell/member";
import { ErrorState } from "@/components/ui/error-state";
import { loadAgain } from "@/components/ui/load-again";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { SkeletonRows } from "@/components/ui/skeleton";
import { SessionFacts, type SessionView } from "./session-facts";
import { SessionPart } from "./session-part";

const RunDock = dynamic(
  () =>
    loadAgain(() => import("@/components/conversation/run-dock")).then((module) => module.RunDock),
  { ssr: false },
);
const ContinueComposer = dynamic(
  () =>
    loadAgain(() => import("@/components/conversation/continue-composer")).then(
      (module) => module.ContinueComposer,
    ),
  { ssr: false },
);

/** A session: the whole conversation over its runs, oldest first, and the box that goes on with it. */
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
  const inOrder = session.runs.toReversed();
  return (
    <div className="flex min-h-[calc(100dvh-3rem)] flex-col">
      <PageHeader title={session.title || "Session"} />
      <SessionFacts session={session} />
      <Section
        title="Conversation"
        aside={`${inOrder.length} ${inOrder.length === 1 ? "run" : "runs"}`}
      >
        <ol>
          {inOrder.map((run, index) => (
            <SessionPart key={run.id} run={run} isOpenAtFirst={index === inOrder.length - 1} />
          ))}
        </ol>
      </Section>
      <div className="sticky bottom-0 mt-auto">
        <SessionDock session={session} />
      </div>
    </div>
  );
}

/** Speaks to the run that lives; with none, begins the next. */
function SessionDock({ session }: { session: SessionView }) {
  const { mayOperate } = useMember();
  const live = session.runs.find(({ status }) => !isEnded(status));
  if (live) return <RunDock key={live.id} run={live} />;
  if (!mayOperate) return null;
  return (
    <section aria-label="Conversation" className="border-t bg-sunken px-4 py-2">
      <ContinueComposer sessionId={session.id} staysHere />
    </section>
  );
}

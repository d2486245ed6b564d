"use client";
import dynamic from "next/dynamic";
import { useEffect, useRef } from "react";
import { useMember } from "@/components/shell/member";
import { loadAgain } from "@/components/ui/load-again";
import type { RunView } from "@/server/domain/run-view";
import { ContinueComposer } from "./continue-composer";
import { listQueued } from "./join-conversation";
import { MessageCard } from "./message-card";
import { OpenQuestions } from "./open-questions";
import { isPause } from "./question-words";
import { SteerComposer } from "./steer-composer";
import { useConversation } from "./use-conversation";
import { useMessages } from "./use-messages";

const SteerRefusal = dynamic(() =>
  loadAgain(() => import("./steer-refusal")).then((module) => module.SteerRefusal),
);

type DockedRun = Pick<RunView, "id" | "sessionId" | "status" | "agent" | "availableActions">;

/** Below the activity: what the agent asks, what is queued for it, and the message box. */
export function RunDock({ run }: { run: DockedRun }) {
  const { data: view } = useConversation(run.id);
  const messages = useMessages(run.id);
  const { mayOperate } = useMember();
  const list = useRef<HTMLUListElement>(null);
  const queued = view ? listQueued(view.messages) : [];
  const count = queued.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest message is the one to see
  useEffect(() => {
    list.current?.lastElementChild?.scrollIntoView({ block: "nearest" });
  }, [count]);
  if (!view) return null;
  const open = view.questions.filter(({ state }) => state === "open");
  if (!mayOperate && count === 0 && open.length === 0) return null;
  return (
    <section
      aria-label="Conversation"
      className="flex max-h-[60%] shrink-0 flex-col gap-2 overflow-y-auto border-t bg-sunken px-4 py-2"
    >
      <OpenQuestions questions={view.questions} />
      {count > 0 && (
        <ul ref={list} aria-label="Queued for the agent" className="flex flex-col gap-2">
          {queued.map((message) => (
            <MessageCard
              key={message.id}
              message={message}
              mayChange={mayOperate}
              messages={messages}
            />
          ))}
        </ul>
      )}
      {view.maySteer ? (
        <SteerComposer
          runId={run.id}
          view={view}
          messages={messages}
          isPaused={open.some(isPause)}
        />
      ) : run.availableActions.includes("continue") ? (
        <ContinueComposer sessionId={run.sessionId} />
      ) : (
        mayOperate && <SteerRefusal run={run} />
      )}
    </section>
  );
}

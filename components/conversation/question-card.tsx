"use client";
import { MessageCircleQuestion } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId } from "react";
import { useMember } from "@/components/shell/member";
import { ToolInput } from "@/components/transcript/tool-input";
import { Button } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { ErrorNote } from "@/components/ui/error-note";
import type { QuestionView } from "@/server/domain/conversation";
import { describeDeadline } from "./describe-deadline";
import type { Answer } from "./optimistic-acts";
import { QuestionAnswer } from "./question-answer";
import { isPause, wordAsk } from "./question-words";
import { readChoices } from "./read-choices";
import { SettledQuestion } from "./settled-question";

/**
 * What the agent asks, with all that is needed to decide, and the answers. Its keys work while the
 * focus is in it. A failed answer keeps its error here, also when somebody else was faster.
 */
export function QuestionCard({
  question,
  isBesideComposer = false,
  isBusy,
  error,
  onAnswer,
  onPutAside,
  children,
}: {
  question: QuestionView;
  /** The message box is near, so it is not drawn once more for an interrupted agent. */
  isBesideComposer?: boolean;
  isBusy: boolean;
  error: unknown;
  onAnswer: (answer: Answer) => void;
  onPutAside: () => void;
  /** Whose question it is, where that is not plain. */
  children?: ReactNode;
}) {
  const id = useId();
  const { mayOperate } = useMember();
  const isOpen = question.state === "open";
  const isTold = isPause(question) || readChoices(question.input).length > 0;
  return (
    <article
      aria-labelledby={id}
      tabIndex={-1}
      data-question={question.state}
      onKeyDown={pressAnswerKey}
      className="flex flex-col gap-1.5 rounded-md border border-warn/60 bg-surface px-3 py-2"
    >
      {children}
      <header className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        <MessageCircleQuestion aria-hidden className="size-4 shrink-0 text-warn" />
        <h3 id={id} className="min-w-0 font-medium">
          {wordAsk(question)}
        </h3>
        {isOpen && <Deadline question={question} />}
      </header>
      {question.reason && <p className="max-w-prose text-quiet">{question.reason}</p>}
      {isOpen && !isTold && <ToolInput name={question.tool} input={question.input} />}
      {error ? <ErrorNote error={error} /> : null}
      {!isOpen ? (
        <div className="flex items-center justify-between gap-2">
          <SettledQuestion question={question} />
          <Button size="small" look="quiet" onClick={onPutAside}>
            Put aside
          </Button>
        </div>
      ) : mayOperate ? (
        <QuestionAnswer
          question={question}
          isBesideComposer={isBesideComposer}
          isBusy={isBusy}
          onAnswer={onAnswer}
        />
      ) : (
        <p className="text-xs text-faint">An operator has to answer it.</p>
      )}
    </article>
  );
}

function Deadline({ question }: { question: QuestionView }) {
  const { words, isSoon } = describeDeadline(question, useNow());
  return (
    <span
      className={`ml-auto text-xs ${isSoon ? "font-medium text-bad" : "text-quiet"}`}
      title={question.deadlineAt.toISOString()}
    >
      {words}
    </span>
  );
}

/** `a`, `s` and `d` press the card's buttons that bear them, unless something is being written. */
function pressAnswerKey(event: KeyboardEvent<HTMLElement>) {
  if (event.metaKey || event.ctrlKey || event.altKey || event.repeat) return;
  if ((event.target as HTMLElement).closest("input, textarea, select")) return;
  const button = event.currentTarget.querySelector<HTMLButtonElement>(
    `button[aria-keyshortcuts="${CSS.escape(event.key)}"]`,
  );
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
}

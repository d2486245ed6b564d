"use client";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import type { QuestionView } from "@/server/domain/conversation";
import { ChoiceForm } from "./choice-form";
import type { Answer } from "./optimistic-acts";
import { isPause } from "./question-words";
import { readChoices } from "./read-choices";
import { WordsForm } from "./words-form";

/** The ways to answer: by a button, by one of the agent's own choices, or in words. */
export function QuestionAnswer({
  question,
  isBesideComposer,
  isBusy,
  onAnswer,
}: {
  question: QuestionView;
  isBesideComposer: boolean;
  isBusy: boolean;
  onAnswer: (answer: Answer) => void;
}) {
  const [isDenying, setIsDenying] = useState(false);
  const send = (decision: Answer["decision"], text = "") =>
    onAnswer({ questionId: question.id, decision, ...(text.trim() && { text: text.trim() }) });
  const choices = readChoices(question.input);
  const isPaused = isPause(question);
  const deny = isPaused ? "End the run" : question.needsWords ? "Do not answer" : "Deny";
  if (isDenying) {
    return (
      <WordsForm
        label={isPaused ? "Why the run ends here" : "Reason, for the agent"}
        hint={
          isPaused
            ? "Optional. Its work is kept, and the session can be continued."
            : "Optional. The agent reads it and goes on without."
        }
        action={deny}
        isDanger
        isBusy={isBusy}
        isOptional
        onSend={(text) => send("deny", text)}
        onBack={() => setIsDenying(false)}
      />
    );
  }
  const denyButton = (
    <Button
      look={question.needsWords ? "quiet" : "danger"}
      size="small"
      className="max-md:h-9"
      aria-keyshortcuts="d"
      disabled={isBusy}
      onClick={() => setIsDenying(true)}
    >
      {deny}… <Key name="d" />
    </Button>
  );
  if (isPaused && isBesideComposer) {
    return (
      <div className="flex flex-wrap items-center gap-2">
        <p className="text-quiet">Send it a message below, and it goes on.</p>
        {denyButton}
      </div>
    );
  }
  if (choices.some(({ options }) => options.length > 0)) {
    return (
      <ChoiceForm choices={choices} isBusy={isBusy} onSend={(text) => send("allow", text)}>
        {denyButton}
      </ChoiceForm>
    );
  }
  if (question.needsWords) {
    return (
      <WordsForm
        label={choices[0]?.question ?? (isPaused ? "Next message" : "Answer")}
        action={isPaused ? "Send" : "Answer"}
        isBusy={isBusy}
        onSend={(text) => send("allow", text)}
      >
        {denyButton}
      </WordsForm>
    );
  }
  return (
    <Permission tool={question.tool} isBusy={isBusy} onDecide={send}>
      {denyButton}
    </Permission>
  );
}

function Permission({
  tool,
  isBusy,
  onDecide,
  children,
}: {
  tool: string;
  isBusy: boolean;
  onDecide: (decision: Answer["decision"]) => void;
  children: ReactNode;
}) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button
        look="primary"
        size="small"
        className="max-md:h-9"
        aria-keyshortcuts="a"
        disabled={isBusy}
        onClick={() => onDecide("allow")}
      >
        Allow <Key name="a" isOnDark />
      </Button>
      <Button
        size="small"
        className="max-md:h-9"
        aria-keyshortcuts="s"
        disabled={isBusy}
        title={`From here on ${tool} is allowed in this session without asking`}
        onClick={() => onDecide("allow_in_session")}
      >
        Allow in this session <Key name="s" />
      </Button>
      {children}
    </div>
  );
}

/** A reminder for the eye; screen readers have it from the button itself. */
function Key({ name, isOnDark = false }: { name: string; isOnDark?: boolean }) {
  return (
    <span aria-hidden className="max-md:hidden">
      {isOnDark ? <span className="font-mono text-xs opacity-80">{name}</span> : <Kbd>{name}</Kbd>}
    </span>
  );
}

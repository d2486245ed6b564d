"use client";
import { clsx } from "clsx";
import { CircleCheck, CircleX, Clock, type LucideIcon, Minus } from "lucide-react";
import { ActorName } from "@/components/runs/actor-name";
import { describeTool } from "@/components/transcript/describe-tool";
import { RelativeTime } from "@/components/ui/relative-time";
import type { QuestionState, QuestionView } from "@/server/domain/conversation";
import { isPause, wordOutcome } from "./question-words";
import { readChoices } from "./read-choices";

const dress: Record<QuestionState, { Icon: LucideIcon; look: string }> = {
  open: { Icon: Clock, look: "text-warn" },
  allowed: { Icon: CircleCheck, look: "text-good" },
  denied: { Icon: CircleX, look: "text-bad" },
  expired: { Icon: Clock, look: "text-warn" },
  moot: { Icon: Minus, look: "text-faint" },
};

/** A past question in one line: what was asked, what became of it, by whom and when. */
export function SettledQuestion({ question }: { question: QuestionView }) {
  const { Icon, look } = dress[question.state];
  const { tool, input, answeredBy, answeredAt, deadlineAt, answerText, state } = question;
  const asked = readChoices(input)[0]?.question ?? `${tool} ${describeTool(tool, input)}`;
  return (
    <p className="flex min-w-0 flex-wrap items-baseline gap-x-1.5 text-xs text-quiet">
      <Icon aria-hidden className={clsx("size-3.5 shrink-0 self-center", look)} />
      <span>
        <span className={clsx("font-medium", look)}>{wordOutcome(question)}</span>
        {answeredBy && (
          <>
            {" "}
            by <ActorName actor={answeredBy} />
          </>
        )}
      </span>{" "}
      {!isPause(question) && <span className="min-w-0 truncate font-mono">{asked}</span>}{" "}
      {answerText && <span className="min-w-0 break-words">“{answerText}”</span>}{" "}
      <RelativeTime
        at={answeredAt ?? (state === "expired" ? deadlineAt : question.askedAt)}
        className="text-faint"
      />
    </p>
  );
}

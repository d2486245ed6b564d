"use client";
import { useEffect, useRef } from "react";
import { useMember } from "@/components/shell/member";
import type { QuestionView } from "@/server/domain/conversation";
import { listSettledByOthers } from "./list-settled-by-others";
import { QuestionCard } from "./question-card";
import { SettledQuestion } from "./settled-question";
import { useAnswers } from "./use-answers";

/** The open questions of one run; below them who was faster, if somebody else answered one. */
export function OpenQuestions({ questions }: { questions: QuestionView[] }) {
  const { name } = useMember();
  const { answer, pendingId, failures, putAside } = useAnswers();
  const seenOpen = useRef(new Set<string>());
  useEffect(() => {
    for (const { id, state } of questions) if (state === "open") seenOpen.current.add(id);
  }, [questions]);
  const shown = questions.filter(({ id, state }) => state === "open" || failures.has(id));
  const others = listSettledByOthers(questions, seenOpen.current, `member:${name}`);
  const last = others.findLast(({ id }) => !failures.has(id));
  return (
    <>
      {shown.map((question) => (
        <QuestionCard
          key={question.id}
          question={question}
          isBesideComposer
          isBusy={pendingId === question.id}
          error={failures.get(question.id)}
          onAnswer={answer}
          onPutAside={() => putAside(question.id)}
        />
      ))}
      <div role="status" className="empty:hidden">
        {last && <SettledQuestion question={last} />}
      </div>
    </>
  );
}

"use client";
import Link from "next/link";
import { Section } from "@/components/ui/section";
import { QuestionCard } from "./question-card";
import { useAnswers } from "./use-answers";
import { useWaiting } from "./use-waiting";

/** The questions of all runs, most urgent first, each with its answers in place. */
export function WaitingList() {
  const { all, items } = useWaiting();
  const { answer, pendingId, failures, putAside } = useAnswers();
  const shown = all.filter(({ id, state }) => state === "open" || failures.has(id));
  if (shown.length === 0) return null;
  return (
    <Section title="Waits for you" aside={items.length}>
      <ul className="flex flex-col gap-2 border-b px-4 py-2">
        {shown.map((question) => (
          <li key={question.id}>
            <QuestionCard
              question={question}
              isBusy={pendingId === question.id}
              error={failures.get(question.id)}
              onAnswer={answer}
              onPutAside={() => putAside(question.id)}
            >
              <p className="flex min-w-0 items-baseline gap-2 text-xs text-quiet">
                <span className="shrink-0 font-mono text-faint">#{question.run.number}</span>
                <Link
                  href={`/runs/${question.runId}?tab=activity`}
                  title={question.run.title}
                  className="min-w-0 truncate text-sm text-ink hover:underline"
                >
                  {question.run.title}
                </Link>
                <span className="ml-auto shrink-0 max-md:hidden">
                  {question.run.workflow} · {question.run.repository}
                </span>
              </p>
            </QuestionCard>
          </li>
        ))}
      </ul>
    </Section>
  );
}

import { formatDuration } from "@/components/ui/format-time";
import type { QuestionView } from "@/server/domain/conversation";
import { isPause } from "./question-words";

const soonMs = 60_000;

/** How long an answer still counts and what comes after, and whether it is nearly too late. */
export function describeDeadline(
  question: Pick<QuestionView, "tool" | "needsWords" | "deadlineAt">,
  nowMs: number,
): { words: string; isSoon: boolean } {
  const leftMs = question.deadlineAt.getTime() - nowMs;
  if (leftMs <= 0) return { words: "Its time is over.", isSoon: true };
  const end = isPause(question)
    ? "The run ends"
    : question.needsWords
      ? "The agent goes on without"
      : "Denied by itself";
  return { words: `${end} in ${formatDuration(leftMs)}`, isSoon: leftMs < soonMs };
}

import type { QuestionView } from "@/server/domain/conversation";

/**
 * Of the questions that stood open on this page: those that somebody or something else has settled
 * since, so that whoever was about to answer is told who was faster.
 */
export function listSettledByOthers(
  questions: QuestionView[],
  seenOpen: ReadonlySet<string>,
  me: string,
): QuestionView[] {
  return questions.filter(
    ({ id, state, answeredBy }) => state !== "open" && seenOpen.has(id) && answeredBy !== me,
  );
}

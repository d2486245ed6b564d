import type { questions } from "@/db/schema";
import type { QuestionView } from "@/server/domain/conversation";

export function toQuestionView(row: typeof questions.$inferSelect): QuestionView {
  const { attemptId: _attempt, nativeId: _native, handedOverAt: _handed, input, ...view } = row;
  return { ...view, input: input ?? null };
}

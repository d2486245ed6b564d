import { asc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/db/client";
import { questions, repositories, runs, workflows, workflowVersions } from "@/db/schema";
import type { WaitingQuestionView } from "@/server/domain/conversation";
import { limits } from "@/server/domain/limits";
import { parseInput } from "@/server/domain/parse-input";
import { titleOf } from "@/server/runs/read-run-summaries";
import { toQuestionView } from "./to-question-view";

export const listWaitingInputSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(limits.maxPageSize).optional(),
});

/** The open questions of all runs, the one that expires first before the others. */
export async function listWaiting(
  db: Executor,
  input: z.input<typeof listWaitingInputSchema>,
): Promise<{ items: WaitingQuestionView[] }> {
  const { limit = limits.pageSize } = parseInput(listWaitingInputSchema, input);
  const rows = await db
    .select({
      question: questions,
      number: runs.number,
      beginning: sql<string>`left(${runs.message}, 600)`,
      sessionId: runs.sessionId,
      workflow: workflows.name,
      repository: repositories.name,
    })
    .from(questions)
    .innerJoin(runs, eq(runs.id, questions.runId))
    .innerJoin(workflowVersions, eq(workflowVersions.id, runs.workflowVersionId))
    .innerJoin(workflows, eq(workflows.id, workflowVersions.workflowId))
    .innerJoin(repositories, eq(repositories.id, runs.repositoryId))
    .where(eq(questions.state, "open"))
    .orderBy(asc(questions.deadlineAt), asc(questions.id))
    .limit(limit);
  return {
    items: rows.map(({ question, beginning, ...run }) => ({
      ...toQuestionView(question),
      run: { ...run, title: titleOf(beginning) },
    })),
  };
}

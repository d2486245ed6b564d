import { and, eq, inArray } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { questions, runs } from "@/db/schema";
import type { SessionId } from "@/server/domain/ids";

/** Which of these tools an operator has allowed for the whole session, in this run or an earlier one. */
export async function findAllowedTools(
  db: Executor,
  sessionId: SessionId,
  tools: string[],
): Promise<Set<string>> {
  const rows = await db
    .selectDistinct({ tool: questions.tool })
    .from(questions)
    .innerJoin(runs, eq(runs.id, questions.runId))
    .where(
      and(
        eq(runs.sessionId, sessionId),
        eq(questions.isForSession, true),
        eq(questions.state, "allowed"),
        inArray(questions.tool, tools),
      ),
    );
  return new Set(rows.map(({ tool }) => tool));
}

import { sql } from "drizzle-orm";
import { messages, questions, runs } from "@/db/schema";
import { AttemptSuperseded } from "@/server/domain/errors";
import { awaitDatabase } from "../await-database";
import type { Hold, WorkerContext } from "../context";
import type { Tail } from "../open-tail";
import { handOver } from "./hand-over";

/** A notification can be lost, and deadlines pass without one. */
const lookMs = 2_000;

/** What operators say to the agent of an attempt that is followed. */
export interface Conversation {
  /** Gives the agent what waits for it: when somebody may have said something, and every two seconds. */
  handOverIfDue(): Promise<void>;
}

export function openConversation(context: WorkerContext, hold: Hold, tail: Tail): Conversation {
  let isDue = true;
  let lookedAt = Number.NEGATIVE_INFINITY;
  hold.onControl(() => {
    isDue = true;
  });
  return {
    async handOverIfDue() {
      const isLate = performance.now() - lookedAt >= lookMs;
      if (tail.driver.reads === "raw" || tail.isInputOver || !(isDue || isLate)) return;
      isDue = false;
      lookedAt = performance.now();
      const isWaiting = await awaitDatabase(context, hold, () => findInput(context, hold));
      if (isWaiting) await handOver(context, hold, tail);
    },
  };
}

/** One small statement, for most looks find nothing. @throws AttemptSuperseded when the fence is old. */
async function findInput({ db }: WorkerContext, hold: Hold): Promise<boolean> {
  const { rows } = await db.execute<{ is_waiting: boolean }>(sql`
    select r.interrupt_asked_at is not null
      or exists (select from ${messages} m where m.run_id = r.id and m.state = 'queued')
      or exists (select from ${questions} q where q.run_id = r.id and q.attempt_id = ${hold.attemptId}
        and ((q.state in ('allowed', 'denied', 'expired') and q.handed_over_at is null)
          or (q.state = 'open' and q.deadline_at <= ${new Date().toISOString()}::timestamptz)))
      as is_waiting
    from ${runs} r where r.id = ${hold.runId} and r.fence = ${hold.fence}`);
  const [found] = rows;
  if (!found) throw new AttemptSuperseded(hold.runId, hold.fence);
  return found.is_waiting;
}

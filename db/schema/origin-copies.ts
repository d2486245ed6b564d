import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { AttemptId, RunId, Sha } from "@/server/domain/ids";
import { attempts } from "./attempts";
import { moment } from "./columns";
import { runs } from "./runs";

/**
 * An ended attempt's work at the repository's origin, under refs/coppice; asked for per repository. The
 * row is committed with the attempt's end, the push follows.
 */
export const originCopies = pgTable(
  "origin_copies",
  {
    attemptId: uuid("attempt_id")
      .$type<AttemptId>()
      .primaryKey()
      .references(() => attempts.id),
    runId: uuid("run_id")
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    headCommit: text("head_commit").$type<Sha>(),
    /** What was pushed; null until it was. */
    refs: jsonb("refs").$type<{ name: string; sha: string }[]>(),
    pushedAt: moment("pushed_at"),
    tries: integer("tries").notNull(),
    /** When it may be tried again after a failure, and what failed. */
    nextTryAt: moment("next_try_at"),
    problem: text("problem"),
  },
  (t) => [
    index("origin_copies_run").on(t.runId),
    index("origin_copies_due").on(t.nextTryAt).where(sql`${t.pushedAt} is null`),
    index("origin_copies_head").on(t.headCommit).where(sql`${t.pushedAt} is not null`),
    check("origin_copies_pushed_has_refs", sql`(${t.pushedAt} is null) = (${t.refs} is null)`),
  ],
);

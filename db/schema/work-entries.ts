import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { CommitOrigin, MergeWay } from "@/server/domain/commit";
import type { RepositoryId, RunId, Sha, WorkerId } from "@/server/domain/ids";
import type { LeftoverReason, WorkWhereabouts } from "@/server/domain/work";
import { moment } from "./columns";
import { repositories } from "./repositories";
import { runs } from "./runs";
import { workers } from "./workers";

/**
 * The work ledger: every commit, snapshot and leftover of any run, and where it is now. Triggers enter
 * what is recorded in `commits`, `snapshots` and `attempts`, in the same transaction; what only the
 * mirror's keep refs know is entered by the worker's look. Entries are never deleted.
 */
export const workEntries = pgTable(
  "work_entries",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    repositoryId: uuid("repository_id")
      .$type<RepositoryId>()
      .notNull()
      .references(() => repositories.id),
    runId: uuid("run_id")
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    /** On whose host the mirror and the workspace lie. */
    workerId: uuid("worker_id")
      .$type<WorkerId>()
      .references(() => workers.id),
    sha: text("sha").$type<Sha>(),
    origin: text("origin").$type<CommitOrigin>(),
    reason: text("reason").$type<LeftoverReason>(),
    /** A commit's subject; a leftover's path. */
    title: text("title").notNull(),
    why: text("why"),
    author: text("author"),
    ref: text("ref"),
    at: moment("at").notNull(),
    whereabouts: text("whereabouts").$type<WorkWhereabouts>().notNull(),
    since: moment("since").notNull().defaultNow(),
    mergedBy: text("merged_by").$type<MergeWay>(),
    mergedAs: text("merged_as").$type<Sha>(),
    /** Null: not looked since it was entered, or to be looked at again. */
    lookedAt: moment("looked_at"),
    letGoBy: text("let_go_by"),
    letGoAt: moment("let_go_at"),
    letGoWhy: text("let_go_why"),
  },
  (t) => [
    uniqueIndex("work_entries_commit").on(t.runId, t.sha).where(sql`${t.sha} is not null`),
    uniqueIndex("work_entries_leftover")
      .on(t.runId, t.reason, t.title)
      .where(sql`${t.sha} is null`),
    index("work_entries_sha").on(t.sha),
    index("work_entries_run").on(t.runId, t.id),
    index("work_entries_repository").on(t.repositoryId, t.id),
    index("work_entries_whereabouts").on(t.whereabouts, t.id),
    index("work_entries_at_risk")
      .on(t.id, t.whereabouts)
      .where(
        sql`${t.letGoAt} is null and ((${t.sha} is not null
          and ${t.whereabouts} in ('only_here', 'in_keep_ref', 'missing'))
          or (${t.reason} in ('left_out', 'uncaptured', 'set_aside')
          and ${t.whereabouts} in ('in_workspace', 'missing')))`,
      ),
    index("work_entries_unlooked")
      .on(t.workerId, t.repositoryId, t.id)
      .where(sql`${t.lookedAt} is null and ${t.sha} is not null`),
    index("work_entries_open")
      .on(t.workerId, t.repositoryId, t.id)
      .where(
        sql`${t.sha} is not null and ${t.whereabouts} in ('pushed', 'only_here', 'in_keep_ref', 'missing')`,
      ),
    index("work_entries_open_leftovers")
      .on(t.workerId, t.id)
      .where(sql`${t.sha} is null and ${t.whereabouts} in ('in_workspace', 'missing')`),
    check(
      "work_entries_commit_or_leftover",
      sql`(${t.sha} is not null and ${t.origin} is not null and ${t.reason} is null)
        or (${t.sha} is null and ${t.origin} is null and ${t.reason} is not null)`,
    ),
    check(
      "work_entries_whereabouts_known",
      sql`${t.whereabouts} in ('merged', 'pushed', 'only_here', 'in_keep_ref', 'gone', 'missing', 'in_workspace')`,
    ),
    check(
      "work_entries_merged_is_told",
      sql`(${t.whereabouts} = 'merged') = (${t.mergedBy} is not null)`,
    ),
    check(
      "work_entries_let_go_whole",
      sql`(${t.letGoBy} is null) = (${t.letGoAt} is null) and (${t.letGoAt} is null) = (${t.letGoWhy} is null)`,
    ),
    check("work_entries_gone_by_word", sql`${t.whereabouts} <> 'gone' or ${t.letGoAt} is not null`),
  ],
);

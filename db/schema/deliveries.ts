import { type SQL, sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import {
  type DeliveryKind,
  type DeliveryMethod,
  type DeliveryState,
  deliveryKinds,
  deliveryStates,
  type FileConflict,
  mergeMethods,
  type PullRequestState,
  pullRequestStates,
  undoMethods,
} from "@/server/domain/delivery";
import type {
  AttemptId,
  DeliveryId,
  RepositoryId,
  RunId,
  SessionId,
  Sha,
  WorkerId,
} from "@/server/domain/ids";
import { attempts } from "./attempts";
import { moment } from "./columns";
import { repositories } from "./repositories";
import { runs } from "./runs";
import { sessions } from "./sessions";
import { workers } from "./workers";

const oneOf = (values: readonly string[]): SQL =>
  sql.raw(`(${values.map((value) => `'${value}'`).join(", ")})`);

/**
 * What happens to a run's work at its origin: pushed, merged, offered as a pull request, or taken back. The
 * row is committed before anything is done, and what is to be pushed before it is pushed.
 */
export const deliveries = pgTable(
  "deliveries",
  {
    id: uuid("id").$type<DeliveryId>().primaryKey(),
    runId: uuid("run_id")
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    sessionId: uuid("session_id")
      .$type<SessionId>()
      .notNull()
      .references(() => sessions.id),
    repositoryId: uuid("repository_id")
      .$type<RepositoryId>()
      .notNull()
      .references(() => repositories.id),
    /** On whose host the mirror with the work lies. */
    workerId: uuid("worker_id")
      .$type<WorkerId>()
      .notNull()
      .references(() => workers.id),
    /** By policy, at the end of this attempt; null: asked for by a person. */
    attemptId: uuid("attempt_id")
      .$type<AttemptId>()
      .references(() => attempts.id),
    kind: text("kind").$type<DeliveryKind>().notNull(),
    method: text("method").$type<DeliveryMethod>(),
    /** The branch of the origin that it changes. */
    target: text("target").notNull(),
    /** Of a pull request, the branch that it is to be merged into. */
    base: text("base"),
    undoOf: uuid("undo_of")
      .$type<DeliveryId>()
      .references((): AnyPgColumn => deliveries.id),
    sourceSha: text("source_sha").$type<Sha>().notNull(),
    /** The target must still stand at `old_sha`, as whoever asked has seen it. */
    holdsTarget: boolean("holds_target").notNull().default(false),
    /** Where the target stands before; null: it does not exist. Committed before the push. */
    oldSha: text("old_sha").$type<Sha>(),
    /** Where the target goes; null: it is deleted. Committed before the push. */
    resultSha: text("result_sha").$type<Sha>(),
    state: text("state").$type<DeliveryState>().notNull().default("planned"),
    conflicts: jsonb("conflicts").$type<FileConflict[]>().notNull().default([]),
    problem: text("problem"),
    hint: text("hint"),
    tries: integer("tries").notNull().default(0),
    /** When it may be tried again after the origin could not be asked. */
    nextTryAt: moment("next_try_at"),
    idempotencyKey: text("idempotency_key"),
    by: text("by").notNull(),
    askedAt: moment("asked_at").notNull(),
    /** Since when old and result are committed, so that the push may have happened. */
    startedAt: moment("started_at"),
    endedAt: moment("ended_at"),
    undoneBy: text("undone_by"),
    undoneAt: moment("undone_at"),
    pullRequestNumber: integer("pull_request_number"),
    pullRequestUrl: text("pull_request_url"),
    pullRequestState: text("pull_request_state").$type<PullRequestState>(),
    pullRequestEtag: text("pull_request_etag"),
    pullRequestCheckedAt: moment("pull_request_checked_at"),
  },
  (t) => [
    uniqueIndex("deliveries_idempotency_key").on(t.idempotencyKey),
    uniqueIndex("deliveries_one_by_policy").on(t.attemptId).where(sql`${t.attemptId} is not null`),
    uniqueIndex("deliveries_one_open_per_target")
      .on(t.runId, t.target)
      .where(sql`${t.state} in ('planned', 'running')`),
    uniqueIndex("deliveries_one_undo")
      .on(t.undoOf)
      .where(sql`${t.state} in ('planned', 'running', 'delivered')`),
    index("deliveries_run").on(t.runId, t.askedAt),
    index("deliveries_session").on(t.sessionId, t.target),
    index("deliveries_open")
      .on(t.workerId, t.nextTryAt)
      .where(sql`${t.state} in ('planned', 'running')`),
    index("deliveries_open_pull_requests")
      .on(t.workerId, t.pullRequestCheckedAt)
      .where(sql`${t.pullRequestState} = 'open'`),
    check("deliveries_kind_known", sql`${t.kind} in ${oneOf(deliveryKinds)}`),
    check("deliveries_state_known", sql`${t.state} in ${oneOf(deliveryStates)}`),
    check(
      "deliveries_method_fits",
      sql`case ${t.kind} when 'merge' then coalesce(${t.method} in ${oneOf(mergeMethods)}, false)
        when 'undo' then coalesce(${t.method} in ${oneOf(undoMethods)}, false)
        else ${t.method} is null end`,
    ),
    check("deliveries_undo_of_one", sql`(${t.kind} = 'undo') = (${t.undoOf} is not null)`),
    check(
      "deliveries_base_of_request",
      sql`(${t.kind} = 'pull_request') = (${t.base} is not null)`,
    ),
    check("deliveries_intent_first", sql`${t.state} <> 'running' or ${t.startedAt} is not null`),
    check(
      "deliveries_ended_has_time",
      sql`(${t.state} in ('planned', 'running')) = (${t.endedAt} is null)`,
    ),
    check(
      "deliveries_undone_by_someone",
      sql`(${t.state} = 'undone') = (${t.undoneBy} is not null and ${t.undoneAt} is not null)`,
    ),
    check(
      "deliveries_request_whole",
      sql`(${t.pullRequestNumber} is null) = (${t.pullRequestUrl} is null)
        and (${t.pullRequestNumber} is null) = (${t.pullRequestState} is null)
        and coalesce(${t.pullRequestState} in ${oneOf(pullRequestStates)}, true)`,
    ),
    check(
      "deliveries_conflict_names_files",
      sql`(${t.state} = 'conflict') = (jsonb_array_length(${t.conflicts}) > 0)`,
    ),
  ],
);

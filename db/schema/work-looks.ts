import { jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { RepositoryId, Sha, WorkerId } from "@/server/domain/ids";
import { moment } from "./columns";
import { repositories } from "./repositories";
import { workers } from "./workers";

/** The last look of a worker at a repository's work: what it saw, and since when it sees nothing. */
export const workLooks = pgTable(
  "work_looks",
  {
    repositoryId: uuid("repository_id")
      .$type<RepositoryId>()
      .notNull()
      .references(() => repositories.id),
    workerId: uuid("worker_id")
      .$type<WorkerId>()
      .notNull()
      .references(() => workers.id),
    triedAt: moment("tried_at").notNull(),
    /** The last complete look at the mirror. */
    lookedAt: moment("looked_at"),
    /** When the origin's refs were listed last: every whereabouts is as of then. */
    originSeenAt: moment("origin_seen_at"),
    /** The head of the default branch that all entries were compared with. */
    defaultHead: text("default_head").$type<Sha>(),
    /** Refs that the mirror still has of the origin and the origin no longer has. */
    staleRefs: jsonb("stale_refs").$type<string[]>().notNull().default([]),
    unknownSince: moment("unknown_since"),
    problem: text("problem"),
  },
  (t) => [primaryKey({ columns: [t.repositoryId, t.workerId] })],
);

import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import type { CommitOrigin } from "@/server/domain/commit";
import type { RunId, Sha } from "@/server/domain/ids";
import { bytea, moment } from "./columns";
import { runs } from "./runs";

/**
 * The commit history of a run as git has it between its base and its head; position 0 is oldest. Where
 * each commit is now stands in the work ledger.
 */
export const commits = pgTable(
  "commits",
  {
    runId: uuid("run_id")
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    sha: text("sha").$type<Sha>().notNull(),
    position: integer("position").notNull(),
    parents: jsonb("parents").$type<Sha[]>().notNull(),
    authorName: text("author_name").notNull(),
    authorEmail: text("author_email").notNull(),
    message: text("message").notNull(),
    at: moment("at").notNull(),
    additions: integer("additions").notNull(),
    deletions: integer("deletions").notNull(),
    files: integer("files").notNull(),
    origin: text("origin").$type<CommitOrigin>().notNull(),
    /** The patch, compressed with zlib's deflate; null when it was too big to keep. */
    patch: bytea("patch"),
    isPatchCut: boolean("is_patch_cut").notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.runId, t.sha] }), index("commits_sha").on(t.sha)],
);

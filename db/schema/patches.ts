import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { RepositoryId, Sha } from "@/server/domain/ids";
import { moment } from "./columns";
import { repositories } from "./repositories";

/** The difference of two commits on its way to whoever downloads it; made once, gone after a day. */
export const patches = pgTable(
  "patches",
  {
    id: uuid("id").primaryKey(),
    repositoryId: uuid("repository_id")
      .$type<RepositoryId>()
      .notNull()
      .references(() => repositories.id),
    fromSha: text("from_sha").$type<Sha>().notNull(),
    toSha: text("to_sha").$type<Sha>().notNull(),
    /** Null while it is being made. */
    bytes: bigint("bytes", { mode: "number" }),
    usedAt: moment("used_at").notNull(),
  },
  (t) => [
    unique("patches_range").on(t.repositoryId, t.fromSha, t.toSha),
    index("patches_used").on(t.usedAt),
    check("patches_bytes_sane", sql`${t.bytes} >= 0`),
  ],
);

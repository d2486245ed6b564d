import { integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { RunId, Sha } from "@/server/domain/ids";
import { moment } from "./columns";
import { runs } from "./runs";

/** A commit that Coppice made of what the agent left uncommitted, one per attempt at most. */
export const snapshots = pgTable(
  "snapshots",
  {
    runId: uuid("run_id")
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    number: integer("number").notNull(),
    sha: text("sha").$type<Sha>().notNull(),
    ref: text("ref").notNull(),
    leftOut: jsonb("left_out").$type<{ path: string; why: string }[]>().notNull(),
    at: moment("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.number] })],
);

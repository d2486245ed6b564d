import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { RunId, WorkspaceId } from "@/server/domain/ids";
import { moment } from "./columns";
import { runs } from "./runs";
import { workspaces } from "./workspaces";

/**
 * What no cleanup may touch: `member`, because somebody wants it kept; `reader`, while its bytes are
 * being read. A reader's pin runs out by itself, so that a killed one holds nothing for ever.
 */
export const pins = pgTable(
  "pins",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind").$type<"member" | "reader">().notNull(),
    workspaceId: uuid("workspace_id")
      .$type<WorkspaceId>()
      .references(() => workspaces.id),
    runId: uuid("run_id")
      .$type<RunId>()
      .references(() => runs.id),
    note: text("note").notNull().default(""),
    createdBy: text("created_by").notNull(),
    createdAt: moment("created_at").notNull(),
    until: moment("until"),
  },
  (t) => [
    uniqueIndex("pins_workspace").on(t.workspaceId).where(sql`${t.kind} = 'member'`),
    uniqueIndex("pins_run").on(t.runId).where(sql`${t.kind} = 'member'`),
    index("pins_read_workspace").on(t.workspaceId).where(sql`${t.kind} = 'reader'`),
    index("pins_read_run").on(t.runId).where(sql`${t.kind} = 'reader'`),
    check("pins_kind_known", sql`${t.kind} in ('member', 'reader')`),
    check("pins_one_target", sql`(${t.workspaceId} is null) <> (${t.runId} is null)`),
    check("pins_reader_runs_out", sql`(${t.kind} = 'reader') = (${t.until} is not null)`),
  ],
);

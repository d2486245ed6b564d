import { bigint, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { RunId } from "@/server/domain/ids";
import type { RunEventData, RunEventKind } from "@/server/domain/run-events";
import { moment } from "./columns";
import { runs } from "./runs";

/** Facts about runs, appended once. `seq` is without gaps per run; `id` is in commit order. */
export const runEvents = pgTable(
  "run_events",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    runId: uuid("run_id")
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    seq: integer("seq").notNull(),
    kind: text("kind").$type<RunEventKind>().notNull(),
    at: moment("at").notNull(),
    actor: text("actor").notNull(),
    data: jsonb("data").$type<RunEventData>().notNull(),
  },
  (t) => [unique("run_events_seq").on(t.runId, t.seq)],
);

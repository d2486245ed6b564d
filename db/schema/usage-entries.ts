import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  doublePrecision,
  index,
  pgTable,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import type { AttemptId } from "@/server/domain/ids";
import { attempts } from "./attempts";
import { moment } from "./columns";

/**
 * What an attempt used of one model, as its agent told it. Null is “unknown”, never 0: an agent that was
 * killed before it told leaves an entry of unknowns, so that it is counted.
 */
export const usageEntries = pgTable(
  "usage_entries",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    attemptId: uuid("attempt_id")
      .$type<AttemptId>()
      .notNull()
      .references(() => attempts.id),
    /** Null: the agent did not say which. */
    model: text("model"),
    inputTokens: bigint("input_tokens", { mode: "number" }),
    outputTokens: bigint("output_tokens", { mode: "number" }),
    cachedTokens: bigint("cached_tokens", { mode: "number" }),
    costUsd: doublePrecision("cost_usd"),
    /** When the attempt's agent ended. */
    at: moment("at").notNull(),
  },
  (t) => [
    unique("usage_entries_model").on(t.attemptId, t.model).nullsNotDistinct(),
    index("usage_entries_at").on(t.at),
    check(
      "usage_entries_not_negative",
      sql`coalesce(${t.inputTokens}, 0) >= 0 and coalesce(${t.outputTokens}, 0) >= 0
        and coalesce(${t.cachedTokens}, 0) >= 0 and coalesce(${t.costUsd}, 0) >= 0`,
    ),
  ],
);

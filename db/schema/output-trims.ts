import { sql } from "drizzle-orm";
import { bigint, check, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { AttemptId } from "@/server/domain/ids";
import type { TrimReason } from "@/server/domain/output-trim";
import { attempts } from "./attempts";
import { moment } from "./columns";

/** The middle of a stream that was removed on purpose: bytes `from` … `to`, exclusive. */
export const outputTrims = pgTable(
  "output_trims",
  {
    attemptId: uuid("attempt_id")
      .$type<AttemptId>()
      .notNull()
      .references(() => attempts.id),
    stream: text("stream").$type<"output" | "stderr">().notNull(),
    fromByte: bigint("from_byte", { mode: "number" }).notNull(),
    toByte: bigint("to_byte", { mode: "number" }).notNull(),
    /** What was asked to stay: a smaller wish later makes the hole larger. */
    keptBytes: bigint("kept_bytes", { mode: "number" }).notNull(),
    reason: text("reason").$type<TrimReason>().notNull(),
    at: moment("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.attemptId, t.stream] }),
    check("output_trims_is_range", sql`${t.fromByte} >= 0 and ${t.toByte} > ${t.fromByte}`),
  ],
);

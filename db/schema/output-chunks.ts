import { bigint, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import type { AttemptId } from "@/server/domain/ids";
import { attempts } from "./attempts";
import { bytea } from "./columns";

/** The agent's raw output, redacted, addressed by attempt, stream and byte offset. */
export const outputChunks = pgTable(
  "output_chunks",
  {
    attemptId: uuid("attempt_id")
      .$type<AttemptId>()
      .notNull()
      .references(() => attempts.id),
    stream: text("stream").$type<"output" | "stderr">().notNull(),
    offset: bigint("offset", { mode: "number" }).notNull(),
    bytes: bytea("bytes").notNull(),
  },
  (t) => [primaryKey({ columns: [t.attemptId, t.stream, t.offset] })],
);

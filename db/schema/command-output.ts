import { bigint, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import type { RunCommandId } from "@/server/domain/ids";
import { bytea } from "./columns";
import { runCommands } from "./run-commands";

/** What a command printed, redacted, addressed by byte offset. */
export const commandOutput = pgTable(
  "command_output",
  {
    commandId: uuid("command_id")
      .$type<RunCommandId>()
      .notNull()
      .references(() => runCommands.id),
    offset: bigint("offset", { mode: "number" }).notNull(),
    bytes: bytea("bytes").notNull(),
  },
  (t) => [primaryKey({ columns: [t.commandId, t.offset] })],
);

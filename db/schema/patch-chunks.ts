import { integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import { bytea } from "./columns";
import { patches } from "./patches";

/** A piece of a patch: its bytes as git wrote them. */
export const patchChunks = pgTable(
  "patch_chunks",
  {
    patchId: uuid("patch_id")
      .notNull()
      .references(() => patches.id, { onDelete: "cascade" }),
    position: integer("position").notNull(),
    bytes: bytea("bytes").notNull(),
  },
  (t) => [primaryKey({ columns: [t.patchId, t.position] })],
);

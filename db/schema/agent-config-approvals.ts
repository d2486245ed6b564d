import { sql } from "drizzle-orm";
import { check, json, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { AgentConfigFile } from "@/server/domain/agent-config";
import type { RepositoryId, RunId, Sha } from "@/server/domain/ids";
import { moment } from "./columns";
import { repositories } from "./repositories";

/** A repository's own agent configuration as a worker found it, and who let it take effect. */
export const agentConfigApprovals = pgTable(
  "agent_config_approvals",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    repositoryId: uuid("repository_id")
      .$type<RepositoryId>()
      .notNull()
      .references(() => repositories.id),
    /** Of the gated files: their paths, modes and contents. */
    sha256: text("sha256").notNull(),
    files: json("files").$type<AgentConfigFile[]>().notNull(),
    seenAt: moment("seen_at").notNull(),
    seenIn: text("seen_in").$type<Sha>().notNull(),
    /** No foreign key: it is a memory of where it was met first. */
    seenByRun: uuid("seen_by_run").$type<RunId>(),
    approvedBy: text("approved_by"),
    approvedAt: moment("approved_at"),
  },
  (t) => [
    unique("agent_config_approvals_once").on(t.repositoryId, t.sha256),
    check(
      "agent_config_approved_by_someone",
      sql`(${t.approvedAt} is null) = (${t.approvedBy} is null)`,
    ),
  ],
);

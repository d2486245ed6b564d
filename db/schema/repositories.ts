import { jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { AgentConfigPolicy } from "@/server/domain/agent-config";
import type { DeliveryPolicy } from "@/server/domain/delivery";
import type { RepositoryId, WorkerId } from "@/server/domain/ids";
import { moment } from "./columns";
import { workers } from "./workers";

/** A git repository that the team registered. */
export const repositories = pgTable("repositories", {
  id: uuid("id").$type<RepositoryId>().primaryKey().defaultRandom(),
  name: text("name").notNull().unique(),
  origin: text("origin").notNull(),
  defaultBranch: text("default_branch").notNull(),
  /** For a local path: the worker on whose host it lies. */
  workerId: uuid("worker_id")
    .$type<WorkerId>()
    .references(() => workers.id),
  /** Work of attempts that end from then on is pushed to the origin under refs/coppice; null: none. */
  keptAtOriginSince: moment("kept_at_origin_since"),
  /** What runs of workflows that say nothing of it deliver by themselves; null: nothing. */
  delivery: jsonb("delivery").$type<DeliveryPolicy>(),
  /** Of runs while the repository's own agent configuration is not approved. */
  agentConfigPolicy: text("agent_config_policy")
    .$type<AgentConfigPolicy>()
    .notNull()
    .default("without"),
  createdBy: text("created_by").notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
});

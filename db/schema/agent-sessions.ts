import { doublePrecision, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { AgentSessionId, NativeSessionId, SessionId } from "@/server/domain/ids";
import type { AgentKind } from "@/server/domain/workflow";
import { moment } from "./columns";
import { sessions } from "./sessions";

/** The agent CLI's own conversation inside a session. */
export const agentSessions = pgTable(
  "agent_sessions",
  {
    id: uuid("id").$type<AgentSessionId>().primaryKey(),
    sessionId: uuid("session_id")
      .$type<SessionId>()
      .notNull()
      .references(() => sessions.id),
    agent: text("agent").$type<AgentKind>().notNull(),
    /** What the agent calls it: our own id where the agent takes one, else from its start reply. */
    nativeId: text("native_id").$type<NativeSessionId>(),
    /** The agent's own running total, to tell one run's cost from the next one's. */
    costUsd: doublePrecision("cost_usd").notNull().default(0),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [
    unique("agent_sessions_native").on(t.agent, t.nativeId),
    unique("agent_sessions_of_session").on(t.id, t.sessionId),
    unique("agent_sessions_id_native").on(t.id, t.nativeId),
  ],
);

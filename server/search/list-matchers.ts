import { and, eq, gte, inArray, lt, lte, or, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { z } from "zod";
import {
  agentSessions,
  attempts,
  commits,
  runs,
  sessions,
  snapshots,
  workspaces,
} from "@/db/schema";
import {
  type AgentSessionId,
  nativeSessionIdSchema,
  type RunId,
  type SessionId,
  type WorkspaceId,
} from "@/server/domain/ids";
import { heldStatuses } from "@/server/domain/run-status";
import { agentKinds } from "@/server/domain/workflow";

/** One way in which a text may lead to runs. */
export interface Matcher {
  /** What matched, for the page: “session id”, “branch”. */
  matched: string;
  where: SQL | undefined;
  /** Among the matches, those that come first. */
  nearest?: SQL;
}

/** The ways that the form of a text allows, the most exact one first. */
export function listMatchers(text: string): Matcher[] {
  const uuid = z.guid().safeParse(text.toLowerCase());
  if (uuid.success) return [...matchIds(uuid.data.toLowerCase()), matchNativeId(text)];
  const number = /^(#?)(\d{1,15})$/.exec(text);
  const hex = text.toLowerCase();
  return [
    ...(number?.[2] ? matchNumber(Number(number[2]), number[1] === "#") : []),
    ...(/^[0-9a-f]{7,64}$/.test(hex) ? matchShas(hex) : []),
    ...(/^[0-9a-f]{8}(?:-?[0-9a-f-]{0,28})$/.test(hex) ? matchIdBeginnings(hex) : []),
    ...(text.startsWith("/") ? matchPath(text) : []),
    matchNativeId(text),
    matchBranch(text),
  ];
}

function matchIds(id: string): Matcher[] {
  return [
    { matched: "run id", where: eq(runs.id, id as RunId) },
    { matched: "session id", where: eq(runs.sessionId, id as SessionId) },
    { matched: "workspace id", where: eq(runs.workspaceId, id as WorkspaceId) },
    {
      matched: "attempt id",
      where: sql`${runs.id} in (select ${attempts.runId} from ${attempts} where ${attempts.id} = ${id})`,
    },
    { matched: "agent session", where: ofAgentSession(eq(agentSessions.id, id as AgentSessionId)) },
  ];
}

/** Every run of a session carries its agent session, so the small table finds them. */
function ofAgentSession(where: SQL | undefined): SQL {
  return sql`${runs.sessionId} in (select ${agentSessions.sessionId} from ${agentSessions} where ${where})
    and ${runs.agentSessionId} in (select ${agentSessions.id} from ${agentSessions} where ${where})`;
}

function matchNativeId(text: string): Matcher {
  const nativeId = nativeSessionIdSchema.parse(text.slice(0, 200));
  return {
    matched: "agent session id",
    where: ofAgentSession(
      and(inArray(agentSessions.agent, [...agentKinds]), eq(agentSessions.nativeId, nativeId)),
    ),
  };
}

function matchNumber(number: number, isMarked: boolean): Matcher[] {
  const matchers: Matcher[] = [{ matched: "number", where: eq(runs.number, number) }];
  // PostgreSQL's integer ends here, and so do the pids of every system.
  if (isMarked || number > 2_147_483_647) return matchers;
  const isLive = and(eq(runs.pid, number), inArray(runs.status, [...heldStatuses]));
  const ofAttempt = sql`${runs.id} in (select ${attempts.runId} from ${attempts}
    where ${attempts.pid} = ${number} or ${attempts.keeperPid} = ${number})`;
  return [...matchers, { matched: "pid", where: isLive }, { matched: "pid", where: ofAttempt }];
}

function matchShas(prefix: string): Matcher[] {
  return [
    { matched: "head commit", where: beginsWith(runs.headCommit, prefix) },
    {
      matched: "commit",
      where: sql`${runs.id} in (select ${commits.runId} from ${commits}
        where ${beginsWith(commits.sha, prefix)})`,
    },
    {
      matched: "snapshot",
      where: sql`${runs.id} in (select ${snapshots.runId} from ${snapshots}
        where ${beginsWith(snapshots.sha, prefix)})`,
    },
    { matched: "base commit", where: beginsWith(runs.baseCommit, prefix) },
  ];
}

/** A range instead of LIKE, which an index in the database's collation cannot serve. */
function beginsWith(column: PgColumn, hex: string): SQL | undefined {
  return and(gte(column, hex), lt(column, `${hex}g`));
}

/** The first digits of an id, as people copy them from a short form. */
function matchIdBeginnings(text: string): Matcher[] {
  const digits = text.replaceAll("-", "");
  if (digits.length > 32) return [];
  const range = (column: PgColumn) =>
    and(gte(column, digits.padEnd(32, "0")), lte(column, digits.padEnd(32, "f")));
  return [
    { matched: "run id", where: range(runs.id) },
    { matched: "session id", where: range(runs.sessionId) },
    { matched: "workspace id", where: range(runs.workspaceId) },
  ];
}

/** The workspace's folder, one above it, or a file in it. */
function matchPath(text: string): Matcher[] {
  const path = text.length > 1 ? text.replace(/\/+$/, "") : text;
  const found = or(
    sql`starts_with(${workspaces.path}, ${path})`,
    sql`starts_with(${path}, ${workspaces.path} || '/')`,
  );
  return [
    {
      matched: "path",
      where: sql`${runs.workspaceId} in
        (select ${workspaces.id} from ${workspaces} where ${found})`,
      nearest: sql`coalesce(${eq(runs.workspacePath, path)}, false)`,
    },
  ];
}

/** A run's branch is its session's; sessions are fewer. */
function matchBranch(text: string): Matcher {
  const found = sql`starts_with(${sessions.branch}, ${text})`;
  return {
    matched: "branch",
    where: sql`${runs.sessionId} in (select ${sessions.id} from ${sessions} where ${found})`,
    nearest: sql`coalesce(${eq(runs.branch, text)}, false)`,
  };
}

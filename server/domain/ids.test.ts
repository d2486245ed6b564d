import { describe, expect, expectTypeOf, it } from "vitest";
import {
  type AgentSessionId,
  type AttemptId,
  agentSessionIdSchema,
  attemptIdSchema,
  nativeSessionIdSchema,
  type RunId,
  runIdSchema,
  type SessionId,
  sessionIdSchema,
  shaSchema,
  type WorkspaceId,
  workspaceIdSchema,
} from "./ids";

const uuid = "0b8f1f7e-3c55-4b8a-9d0e-6a1c2f3e4d5b";
const sha = "0123456789abcdef0123456789abcdef01234567";
const uuidSchemas = {
  ...{ runIdSchema, sessionIdSchema, agentSessionIdSchema, workspaceIdSchema, attemptIdSchema },
};

describe.each(Object.entries(uuidSchemas))("%s", (_name, schema) => {
  it("takes a UUID of any version and gives it in lower case", () => {
    expect(schema.parse(uuid.toUpperCase())).toBe(uuid);
    expect(schema.parse("00000000-0000-0000-0000-000000000009")).toBeDefined();
  });

  it.each([sha, "#42", "42", "", `${uuid} `, `${uuid}\n`, uuid.slice(1), `{${uuid}}`, "../x"])(
    "refuses %j",
    (text) => {
      expect(schema.safeParse(text).success).toBe(false);
    },
  );
});

describe("a commit's id", () => {
  it("is 40 or 64 lower-case hexadecimal digits", () => {
    expect(shaSchema.safeParse(sha).success).toBe(true);
    expect(shaSchema.safeParse("a".repeat(64)).success).toBe(true);
  });

  it.each([uuid, sha.toUpperCase(), sha.slice(1), `${sha}0`, `${sha}\n`, "HEAD", ""])(
    "is never %j",
    (text) => {
      expect(shaSchema.safeParse(text).success).toBe(false);
    },
  );
});

describe("an agent's own name for its conversation", () => {
  it("is any text that is not empty and not endless", () => {
    expect(nativeSessionIdSchema.safeParse("thread_abc").success).toBe(true);
    expect(nativeSessionIdSchema.safeParse("").success).toBe(false);
    expect(nativeSessionIdSchema.safeParse("x".repeat(201)).success).toBe(false);
  });
});

/** Checked by the compiler: an unused `@ts-expect-error` fails it. */
describe("the ids of different things", () => {
  const wantRun = (id: RunId) => id;
  const wantSession = (id: SessionId) => id;
  const wantAgentSession = (id: AgentSessionId) => id;
  const runId = runIdSchema.parse(uuid);
  const sessionId = sessionIdSchema.parse(uuid);
  const agentSessionId = agentSessionIdSchema.parse(uuid);

  it("cannot be passed for one another", () => {
    // @ts-expect-error a session's id is no run's id
    wantRun(sessionId);
    // @ts-expect-error an agent session's id is no run's id
    wantRun(agentSessionId);
    // @ts-expect-error a run's id is no session's id
    wantSession(runId);
    // @ts-expect-error an agent session's id is no session's id
    wantSession(agentSessionId);
    // @ts-expect-error a run's id is no agent session's id
    wantAgentSession(runId);
    // @ts-expect-error a session's id is no agent session's id
    wantAgentSession(sessionId);
    // @ts-expect-error plain text is no id until its parser has read it
    wantRun(uuid);

    expect([wantRun(runId), wantSession(sessionId), wantAgentSession(agentSessionId)]).toEqual([
      ...[uuid, uuid, uuid],
    ]);
  });

  it("are types of their own", () => {
    expectTypeOf<RunId>().not.toEqualTypeOf<SessionId>();
    expectTypeOf<SessionId>().not.toEqualTypeOf<AgentSessionId>();
    expectTypeOf<WorkspaceId>().not.toEqualTypeOf<AttemptId>();
  });
});

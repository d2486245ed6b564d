import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentSessions, runs } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRun, insertSession } from "@/db/testing-rows";
import { type NativeSessionId, nativeSessionIdSchema } from "@/server/domain/ids";
import type { Hold } from "./context";
import type { Work } from "./load-work";
import { recordConversation } from "./record-conversation";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const nameOf = (text: string) => nativeSessionIdSchema.parse(text);

/** A run that is being prepared, in a session whose agent has named its conversation, or not yet. */
async function prepare(nativeId: NativeSessionId | null, agent: "codex" | "acp" = "codex") {
  const session = await insertSession(database.db, { agentSession: { agent, nativeId } });
  const { run } = await insertRun(database.db, { in: session, status: "preparing" });
  return { session, run };
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

const record = ({ session, run }: Prepared, name: string) =>
  database.db.transaction((tx) =>
    recordConversation(tx, { runId: run.id } as Hold, session as unknown as Work, nameOf(name)),
  );

async function storedName({ session }: Prepared): Promise<string | null | undefined> {
  const rows = await database.db
    .select()
    .from(agentSessions)
    .where(eq(agentSessions.id, session.agentSession.id));
  return rows[0]?.nativeId;
}

describe("recordConversation", () => {
  it("writes the name down, once or again", async () => {
    const prepared = await prepare(null);
    await record(prepared, "thread-a");
    await record(prepared, "thread-a");
    expect(await storedName(prepared)).toBe("thread-a");
    await expect(record(prepared, "thread-b")).rejects.toThrow(/another name meanwhile/);
  });

  it("lets a name under which only this run worked give way", async () => {
    const prepared = await prepare(nameOf("thread-c"));
    await record(prepared, "thread-d");
    expect(await storedName(prepared)).toBe("thread-d");
    const [run] = await database.db.select().from(runs).where(eq(runs.id, prepared.run.id));
    expect(run?.agentNativeId).toBeNull();
  });

  it("keeps a name under which another run has worked", async () => {
    const prepared = await prepare(nameOf("thread-e"));
    await insertRun(database.db, { in: prepared.session, status: "succeeded" });
    await expect(record(prepared, "thread-f")).rejects.toThrow();
    expect(await storedName(prepared)).toBe("thread-e");
  });

  it("gives an ACP agent that begins anew another conversation, and leaves the earlier one", async () => {
    const prepared = await prepare(nameOf("acp-a"), "acp");
    const earlier = await insertRun(database.db, { in: prepared.session, status: "succeeded" });
    await record(prepared, "acp-b");
    expect(await storedName(prepared)).toBe("acp-a");
    const rows = await database.db
      .select({
        id: runs.id,
        agentSessionId: runs.agentSessionId,
        nativeId: agentSessions.nativeId,
      })
      .from(runs)
      .innerJoin(agentSessions, eq(agentSessions.id, runs.agentSessionId))
      .where(eq(runs.sessionId, prepared.session.agentSession.sessionId));
    const nameOfRun = new Map(rows.map(({ id, nativeId }) => [id, nativeId]));
    expect(nameOfRun.get(prepared.run.id)).toBe("acp-b");
    expect(nameOfRun.get(earlier.run.id)).toBe("acp-a");
  });

  it("names the fault when another session has the name", async () => {
    await record(await prepare(null), "thread-g");
    const prepared = await prepare(null);
    await expect(record(prepared, "thread-g")).rejects.toMatchObject({
      reason: "session_id_changed",
    });
    expect(await storedName(prepared)).toBeNull();
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { insertRun, insertSession } from "@/db/testing-rows";
import { driverFor } from "@/server/agents/drivers";
import { nativeSessionIdSchema } from "@/server/domain/ids";
import type { Hold, WorkerContext } from "./context";
import { findConversation } from "./find-conversation";
import type { Work } from "./load-work";

let database: TestDatabase;
let homePath: string;
beforeAll(async () => {
  database = await createTestDatabase();
  homePath = mkdtempSync(join(tmpdir(), "coppice-conversation-"));
});
afterAll(async () => {
  rmSync(homePath, { recursive: true });
  await database.drop();
});

async function prepare(
  agent: "codex" | "claude-code" | "acp",
  nativeId: string | null,
  command?: string,
) {
  const session = await insertSession(database.db, {
    agentSession: {
      agent,
      nativeId: nativeId === null ? null : nativeSessionIdSchema.parse(nativeId),
    },
  });
  const { run, attempt } = await insertRun(database.db, { in: session, status: "preparing" });
  const find = (isResume: boolean | null = null) =>
    findConversation(
      { db: database.db } as WorkerContext,
      {} as Hold,
      {
        run,
        attempt: { ...attempt, isResume },
        agentSession: session.agentSession,
        definition: { command },
      } as Work,
      { driver: driverFor(agent), homePath },
    );
  return { session, find };
}

function writeDown(nativeId: string): void {
  const folder = join(homePath, ".codex", "sessions", "2026");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `rollout-x-${nativeId}.jsonl`), "{}\n");
}

describe("findConversation", () => {
  it("begins one that has no name yet", async () => {
    expect(await (await prepare("codex", null)).find()).toBe(false);
  });

  it("goes on with one that the agent has written down", async () => {
    const { find } = await prepare("codex", "written");
    expect(await find()).toBe(false);
    writeDown("written");
    expect(await find()).toBe(true);
  });

  it("goes on with a lost one of Codex that an earlier run worked in", async () => {
    const { find, session } = await prepare("codex", "lost");
    expect(await find()).toBe(false);
    await insertRun(database.db, { in: session, status: "succeeded" });
    expect(await find()).toBe(true);
  });

  it("begins a lost one of Claude Code anew, under its own id", async () => {
    const { find, session } = await prepare("claude-code", "ours");
    await insertRun(database.db, { in: session, status: "succeeded" });
    expect(await find()).toBe(false);
  });

  it("goes on with an ACP agent's where it can, and never where that would lose it", async () => {
    const gemini = await prepare("acp", "of-gemini", "gemini --acp");
    const opencode = await prepare("acp", "of-opencode", "opencode acp");
    const unknown = await prepare("acp", "of-another", "another-agent");
    for (const { session } of [gemini, unknown]) {
      await insertRun(database.db, { in: session, status: "succeeded" });
    }
    expect(await gemini.find()).toBe(false);
    expect(await unknown.find()).toBe(true);
    expect(await opencode.find()).toBe(false);
    const folder = join(homePath, ".local", "share", "opencode");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "opencode.db-wal"), "…of-opencode…");
    expect(await opencode.find()).toBe(true);
  });

  it("keeps to what was decided for the attempt", async () => {
    const { find } = await prepare("codex", null);
    expect(await find(true)).toBe(true);
  });
});

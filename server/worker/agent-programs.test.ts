import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { listAgentPrograms } from "@/server/agent-programs/list-agent-programs";
import { probeAgents } from "@/server/agents/find-agent";
import { registerWorker } from "./register-worker";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it("lists each agent of each host with what to type, and never a key", async () => {
  const environment = {
    ...{ PATH: "/usr/bin:/bin", HOME: "/nonexistent" },
    ...{ OPENAI_API_KEY: "sk-secret-of-this-test", COPPICE_CODEX_PATH: "/nonexistent/codex" },
  } as unknown as NodeJS.ProcessEnv;
  const facts = {
    version: "1",
    isolation: "none" as const,
    isolationWhy: "bubblewrap is not installed.",
    agents: await probeAgents({ environment }),
  };
  const row = { home: "/nonexistent", slots: 1, facts };
  await registerWorker({ db: database.db, name: "b", ...row });
  await registerWorker({ db: database.db, name: "a", ...row });
  const { items } = await listAgentPrograms(database.db);
  expect(items.map(({ worker, name }) => `${worker} ${name}`)).toEqual(
    ["a", "b"].flatMap((worker) =>
      ["bash", "claude", "codex", "gemini", "opencode"].map((name) => `${worker} ${name}`),
    ),
  );
  const [bash, claude, codex, gemini] = items;
  expect(bash).toMatchObject({ isAlive: true, problem: null, fixes: [] });
  expect(bash?.signIn).toEqual({ state: "not_needed", where: null });
  expect(claude).toMatchObject({
    label: "Claude Code",
    signIn: { state: "none" },
    fixes: [
      { command: "npm install -g @anthropic-ai/claude-code" },
      { command: "sudo apt-get install bubblewrap" },
    ],
  });
  expect(codex).toMatchObject({
    problem: expect.stringContaining("COPPICE_CODEX_PATH"),
    signIn: { state: "key", where: "OPENAI_API_KEY" },
  });
  expect(gemini).toMatchObject({ kind: "acp", command: "gemini --acp --skip-trust" });
  expect(JSON.stringify(items)).not.toContain("sk-secret");
  const later = new Date(Date.now() + 3_600_000);
  expect((await listAgentPrograms(database.db, later)).items[0]?.isAlive).toBe(false);
});

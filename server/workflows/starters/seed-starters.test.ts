import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { workflows } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { noChangeMarker } from "@/server/domain/verdicts";
import { listWorkflows } from "../list-workflows";
import { parseDefinition } from "../parse-definition";
import { script } from "./script";
import { seedStarterWorkflows, starterWorkflows } from "./seed-starters";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("gives a new installation its starters once, also when two processes start together", async () => {
  const { db } = database;
  const made = await Promise.all([1, 2, 3].map(() => seedStarterWorkflows(db, new Date())));
  expect(made.sort()).toEqual([0, 0, 8]);
  const { items } = await listWorkflows(db, {});
  expect(items.map(({ name }) => name)).toEqual([
    "brain",
    "builder",
    "genie",
    "guardian",
    "lina",
    "script",
    "shipper",
    "surgeon",
  ]);
  await db.update(workflows).set({ name: "renamed" }).where(eq(workflows.name, "script"));
  expect(await seedStarterWorkflows(db, new Date())).toBe(0);
});

test("holds only definitions that are valid and stored as they stand", () => {
  for (const { name, definition } of starterWorkflows) {
    expect(parseDefinition(definition), name).toEqual(definition);
  }
});

test("tells every agent how to declare that nothing had to change", () => {
  for (const { definition } of starterWorkflows) {
    if (definition.agent === "shell") continue;
    expect(definition.systemPrompt?.split("\n")).toContain(noChangeMarker);
    const lines = definition.systemPrompt?.split("\n").length ?? 0;
    expect(lines).toBeGreaterThanOrEqual(40);
  }
});

test("lets the script note its message in a commit, once per run", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "coppice-script-"));
  try {
    const git = (...args: string[]) =>
      execFileSync("git", args, { cwd: folder, encoding: "utf8" }).trim();
    git("init", "--quiet", "--initial-branch=main");
    writeFileSync(path.join(folder, "README.md"), "sample\n");
    git("add", "README.md");
    git("-c", "user.name=t", "-c", "user.email=t@t.invalid", "commit", "--quiet", "-m", "first");
    const message = `Say "hello" & \`date\` ünïcode\n${"a second line ".repeat(20_000)}`;
    // No name, no terminal, none of this process's settings. NODE_ENV only because Next's types ask.
    const bareEnvironment: NodeJS.ProcessEnv = {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      COPPICE_RUN_ID: "run-1",
      COPPICE_SESSION_ID: "session-1",
      COPPICE_MESSAGE: message.slice(0, 100_000),
    };
    const run = () =>
      execFileSync("bash", ["-c", script.definition.command ?? ""], {
        cwd: folder,
        encoding: "utf8",
        env: { ...bareEnvironment, HOME: folder, COPPICE_WORKSPACE: folder },
      });
    expect(run()).toMatch(/run\s+run-1\nsession\s+session-1/);
    const notes = () => readFileSync(path.join(folder, "NOTES.md"), "utf8");
    expect(notes()).toMatch(/^# Notes\n\n- \S+ Say "hello" & `date` ünïcode \(run run-1\)\n$/);
    expect(git("log", "--format=%s")).toBe('Note: Say "hello" & `date` ünïcode\nfirst');
    expect(run()).toContain("Nothing new to commit.");
    expect(git("rev-list", "--count", "HEAD")).toBe("2");
    expect(git("status", "--porcelain")).toBe("");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

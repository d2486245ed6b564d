import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { driverFor } from "./drivers";
import { findAgent, probeAgents } from "./find-agent";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "coppice-find-"));
  writeProgram("claude", "echo '2.1.330 (Claude Code)'");
  writeProgram("codex", "echo 'codex-cli 0.169.0'");
  writeProgram("old-codex", "echo 'codex-cli 0.98.1'");
  writeProgram("broken", "echo no; exit 3");
});
afterAll(() => rmSync(folder, { recursive: true }));

function writeProgram(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

const nowhere = { PATH: "/nonexistent", HOME: "/nonexistent" } as unknown as NodeJS.ProcessEnv;

describe("findAgent", () => {
  it("finds a program on PATH and asks its version", async () => {
    const environment = { ...nowhere, PATH: folder };
    const found = await findAgent("claude-code", { environment });
    expect(found).toEqual({ program: join(folder, "claude"), version: "2.1.330" });
    expect((await findAgent("shell", { environment: process.env })).program).toMatch(/\/bash$/);
  });

  it("prefers a configured path", async () => {
    const environment = { ...nowhere, COPPICE_CLAUDE_PATH: join(folder, "claude") };
    expect((await findAgent("claude-code", { environment })).program).toBe(join(folder, "claude"));
  });

  it.each([
    ["is missing", { ...nowhere }, /was not found/],
    [
      "is not where it was configured",
      { ...nowhere, COPPICE_CLAUDE_PATH: "/nonexistent/claude" },
      /COPPICE_CLAUDE_PATH/,
    ],
  ])("names the next step when the program %s", async (_what, environment, message) => {
    const failed = findAgent("claude-code", { environment });
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toMatchObject({ hint: expect.stringContaining("npm install") });
  });

  it("takes Codex from the version on whose language is known", async () => {
    const found = findAgent("codex", { environment: { ...nowhere, PATH: folder } });
    await expect(found).resolves.toMatchObject({ version: "0.169.0" });
    const old = findAgent("codex", { path: join(folder, "old-codex") });
    await expect(old).rejects.toThrow(/is version 0.98.1; Coppice needs 0.169.0 or newer/);
    await expect(old).rejects.toMatchObject({ hint: expect.stringContaining("@openai/codex") });
  });

  it("takes a program that cannot tell its version for none", async () => {
    const path = join(folder, "broken");
    await expect(findAgent("claude-code", { path })).rejects.toThrow(/--version” failed/);
  });
});

describe("probeAgents", () => {
  it("tells of each agent whether it is here, and how to get it", async () => {
    const agents = await probeAgents({
      environment: { ...nowhere, PATH: `${folder}:/usr/bin:/bin` },
    });
    expect(agents.map((agent) => agent.kind)).toEqual(["shell", "claude-code", "codex"]);
    expect(agents[1]).toMatchObject({ version: "2.1.330", problem: null });
    const [, claude] = await probeAgents({ environment: nowhere });
    expect(claude).toMatchObject({
      program: null,
      problem: expect.stringContaining("not found"),
    });
  });
});

describe("driverFor", () => {
  it("gives a driver, or says that there is none yet", () => {
    expect(driverFor("shell").kind).toBe("shell");
    expect(driverFor("claude-code").kind).toBe("claude-code");
    expect(driverFor("codex").kind).toBe("codex");
    expect(() => driverFor("acp")).toThrow(/not available in this version yet/);
  });
});

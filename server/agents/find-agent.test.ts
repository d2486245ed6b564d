import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentKinds } from "@/server/domain/workflow";
import { agentPrograms } from "./agent-programs";
import { driverFor } from "./drivers";
import { findAgent, probeAgents } from "./find-agent";
import { findSignIn } from "./find-sign-in";

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
    expect(agents.map(({ name }) => name)).toEqual([
      ...["bash", "claude", "codex", "gemini", "opencode"],
    ]);
    expect(agents[1]).toMatchObject({ version: "2.1.330", problem: null });
    const [, claude] = await probeAgents({ environment: nowhere });
    expect(claude).toMatchObject({
      program: null,
      problem: expect.stringContaining("not found"),
    });
  });
});

describe("findAgent, of an ACP agent", () => {
  const find = (command: string, environment: NodeJS.ProcessEnv = { ...nowhere, PATH: folder }) =>
    findAgent("acp", { command, environment });

  it("finds the first word of the workflow's command, and starts nothing to find it", async () => {
    const program = join(folder, "broken");
    expect(await find("broken --acp")).toEqual({ program, version: null });
    expect(await find(`'${program}' --acp`)).toEqual({ program, version: null });
    const elsewhere = { ...nowhere, COPPICE_OPENCODE_PATH: program };
    expect(await find("opencode acp", elsewhere)).toEqual({ program, version: null });
  });

  it.each([
    ["opencode acp", /“opencode” was not found/, /npm install -g opencode-ai/],
    ["another acp", /“another” was not found/, /absolute path/],
    ["./broken", /not an absolute path|cannot be executed/, /absolute path/],
    ["broken | tee", /means nothing/, /one program/],
  ])("says of %s what is wrong and what to do", async (command, why, hint) => {
    const failed = find(command);
    await expect(failed).rejects.toThrow(why);
    await expect(failed).rejects.toMatchObject({ hint: expect.stringMatching(hint) });
  });

  it("reads the version of an npm package without starting it", async () => {
    const home = join(folder, "node_modules", "opencode-ai");
    mkdirSync(join(home, "bin"), { recursive: true });
    writeFileSync(join(home, "package.json"), '{"version":"9.8.7","bin":{"opencode":"x"}}');
    writeFileSync(join(home, "bin", "opencode"), "#!/bin/sh\nexit 3\n", { mode: 0o755 });
    const environment = { ...nowhere, COPPICE_OPENCODE_PATH: join(home, "bin", "opencode") };
    const found = (await probeAgents({ environment })).find(({ name }) => name === "opencode");
    expect(found).toMatchObject({ version: "9.8.7", problem: null });
  });
});

describe("findSignIn", () => {
  it("sees a key or a login, and tells where, not what", () => {
    const home = join(folder, "home");
    const look = (name: string, variables: Record<string, string> = {}) => {
      const known = agentPrograms.find((one) => one.name === name);
      if (!known) throw new Error(`no ${name}`);
      return findSignIn(known, { HOME: home, ...variables } as unknown as NodeJS.ProcessEnv);
    };
    const write = (file: string, content: object) => {
      mkdirSync(dirname(join(home, file)), { recursive: true });
      writeFileSync(join(home, file), JSON.stringify(content));
    };
    expect(look("bash").state).toBe("not_needed");
    for (const name of ["claude", "codex", "gemini", "opencode"]) {
      expect(look(name).state, name).toBe("none");
    }
    expect(look("gemini", { GEMINI_API_KEY: "secret" })).toEqual({
      ...{ state: "key", where: "GEMINI_API_KEY" },
    });
    write(".claude/.credentials.json", { claudeAiOauth: { refreshToken: "secret" } });
    write(".codex/auth.json", { tokens: { refresh_token: "secret" } });
    write(".gemini/oauth_creds.json", { refresh_token: "secret" });
    write(".local/share/opencode/auth.json", { anthropic: { type: "api", key: "secret" } });
    for (const name of ["claude", "codex", "gemini", "opencode"]) {
      expect(look(name).state, name).toBe("login");
      expect(JSON.stringify(look(name))).not.toContain("secret");
    }
    write(".codex/auth.json", { tokens: null });
    expect(look("codex").state).toBe("none");
  });
});

describe("driverFor", () => {
  it("gives each kind of agent its driver", () => {
    for (const kind of agentKinds) expect(driverFor(kind).kind).toBe(kind);
  });
});

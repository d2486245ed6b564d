import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepareAgentHome } from "./agent-home";
import { composeEnvironment } from "./environment";

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "coppice-acp-home-"));
  for (const file of [".gemini/oauth_creds.json", ".local/share/opencode/auth.json"]) {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), `{"of":"${file}"}`);
  }
});
afterAll(() => rmSync(home, { recursive: true }));

function prepare(command: string, environment: Record<string, string> = {}): string {
  const sessionId = `${command.split(" ")[0]}-${Object.keys(environment).length}`;
  const { homePath } = prepareAgentHome({
    ...{ home, sessionId, kind: "acp", command, environment },
    operatorHome: home,
    controlPath: join(home, "control", sessionId),
  });
  return homePath;
}

describe("the home of an ACP agent", () => {
  it("has a copy of this agent's login, and of no other's", () => {
    const gemini = prepare("gemini --acp");
    expect(readFileSync(join(gemini, ".gemini/oauth_creds.json"), "utf8")).toContain("oauth_creds");
    expect(readFileSync(join(gemini, ".gemini/settings.json"), "utf8")).toContain("oauth-personal");
    expect(existsSync(join(gemini, ".local"))).toBe(false);
    const opencode = prepare("/opt/bin/opencode acp");
    expect(existsSync(join(opencode, ".local/share/opencode/auth.json"))).toBe(true);
    expect(existsSync(join(opencode, ".gemini"))).toBe(false);
    expect(existsSync(join(prepare("another-agent"), ".gemini"))).toBe(false);
  });

  it("needs no login where the worker has a key", () => {
    const gemini = prepare("gemini --acp", { GEMINI_API_KEY: "key" });
    expect(existsSync(join(gemini, ".gemini"))).toBe(false);
  });
});

describe("the environment of an ACP agent", () => {
  const source = {
    ...{ GEMINI_API_KEY: "g", GOOGLE_GEMINI_BASE_URL: "u", OPENCODE_CONFIG_CONTENT: "{}" },
    ...{ OPENCODE_SERVER_PASSWORD: "p", ANTHROPIC_API_KEY: "a", DATABASE_URL: "d", PATH: "/bin" },
  } as unknown as NodeJS.ProcessEnv;
  const namesFor = (command: string) => {
    const environment = composeEnvironment({
      ...{ kind: "acp", command, source, runId: "r", sessionId: "s", agentSessionId: null },
      ...{ attemptId: "a", workspaceId: "w", workspacePath: "/w", branch: "b", baseCommit: "c" },
      ...{ repositoryName: "d", runNumber: 1, message: "m", homePath: "/h", temporaryPath: home },
    });
    return Object.keys(source).filter((name) => name !== "PATH" && name in environment);
  };

  it("holds the variables that this one needs", () => {
    expect(namesFor("gemini --acp")).toEqual(["GEMINI_API_KEY", "GOOGLE_GEMINI_BASE_URL"]);
    expect(namesFor("opencode acp")).toEqual([
      ...["GEMINI_API_KEY", "OPENCODE_CONFIG_CONTENT", "ANTHROPIC_API_KEY"],
    ]);
    expect(namesFor("another-agent")).toEqual([]);
  });
});

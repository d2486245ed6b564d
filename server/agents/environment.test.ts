import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeEnvironment, type EnvironmentOptions, secretsOf } from "./environment";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "coppice-environment-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function compose(change: Partial<EnvironmentOptions> = {}): Record<string, string> {
  return composeEnvironment({
    kind: "claude-code",
    runId: "run",
    sessionId: "session",
    agentSessionId: "native",
    attemptId: "attempt",
    workspaceId: "workspace",
    workspacePath: "/w",
    branch: "b",
    baseCommit: "c",
    repositoryName: "demo",
    runNumber: 7,
    message: "Do it.",
    homePath: "/h",
    temporaryPath: folder,
    source: {},
    ...change,
  } as EnvironmentOptions);
}

const source = {
  DATABASE_URL: "postgres://secret",
  COPPICE_TOKEN: "cop_secret",
  BETTER_AUTH_SECRET: "secret",
  AWS_SECRET_ACCESS_KEY: "secret",
  NODE_OPTIONS: "--inspect",
  LD_PRELOAD: "/x.so",
  BASH_ENV: "/x.sh",
  ANTHROPIC_API_KEY: "sk-ant-of-the-operator",
  CLAUDE_CODE_OAUTH_TOKEN: "token-of-the-operator",
  CLAUDE_CODE_SESSION_ID: "another session",
  OPENAI_API_KEY: "sk-other",
  HTTPS_PROXY: "http://me:proxy-password@proxy:1",
  PATH: "/opt/bin:relative",
  TZ: "Europe/Berlin",
} as unknown as NodeJS.ProcessEnv;

describe("composeEnvironment", () => {
  it("takes over only what is allowed for the agent", () => {
    const environment = compose({ source });
    const names = ["DATABASE_URL", "COPPICE_TOKEN", "BETTER_AUTH_SECRET", "AWS_SECRET_ACCESS_KEY"];
    for (const name of [...names, "NODE_OPTIONS", "LD_PRELOAD", "BASH_ENV", "OPENAI_API_KEY"]) {
      expect(environment, name).not.toHaveProperty(name);
    }
    expect(environment).not.toHaveProperty("CLAUDE_CODE_SESSION_ID");
    expect(environment).toMatchObject({
      ANTHROPIC_API_KEY: "sk-ant-of-the-operator",
      CLAUDE_CODE_OAUTH_TOKEN: "token-of-the-operator",
      DISABLE_AUTOUPDATER: "1",
      TZ: "Europe/Berlin",
      PATH: "/opt/bin:/usr/local/bin:/usr/bin:/bin",
      GIT_AUTHOR_NAME: "Coppice Claude Code",
      GIT_TERMINAL_PROMPT: "0",
    });
    expect(compose({ source, kind: "shell" })).not.toHaveProperty("ANTHROPIC_API_KEY");
    const codex = compose({ source, kind: "codex", agentSessionId: null });
    expect(codex).toMatchObject({ OPENAI_API_KEY: "sk-other", GIT_AUTHOR_NAME: "Coppice Codex" });
    for (const name of ["ANTHROPIC_API_KEY", "COPPICE_AGENT_SESSION_ID"]) {
      expect(codex, name).not.toHaveProperty(name);
    }
  });

  it("names the run by its ids, and lets nobody overrule them", () => {
    const environment = compose({ extra: { COPPICE_RUN_ID: "forged", HOME: "/root", MINE: "1" } });
    expect(environment).toMatchObject({
      COPPICE_RUN_ID: "run",
      COPPICE_RUN_NUMBER: "7",
      COPPICE_SESSION_ID: "session",
      COPPICE_AGENT_SESSION_ID: "native",
      COPPICE_ATTEMPT_ID: "attempt",
      COPPICE_WORKSPACE: "/w",
      COPPICE_WORKSPACE_ID: "workspace",
      COPPICE_MESSAGE: "Do it.",
      HOME: "/h",
      MINE: "1",
    });
  });

  it("keeps a message of any length whole in a file, and the process startable", () => {
    const message = "€".repeat(80_000);
    const environment = compose({ message, source });
    expect(readFileSync(environment.COPPICE_MESSAGE_FILE ?? "", "utf8")).toBe(message);
    expect(environment.COPPICE_MESSAGE).toContain("The message goes on");
    expect(environment.COPPICE_MESSAGE).not.toContain("\uFFFD");
    const env = environment as NodeJS.ProcessEnv;
    const length = execFileSync("/bin/sh", ["-c", "wc -c < $COPPICE_MESSAGE_FILE"], { env });
    expect(Number(length)).toBe(240_000);
    execFileSync("/bin/true", { env: compose({ message: "a\0b" }) as NodeJS.ProcessEnv });
  });
});

describe("secretsOf", () => {
  it("names the values that must never be shown", () => {
    const secrets = secretsOf(compose({ source, extra: { DEPLOY_PASSWORD: "hunter2hunter2" } }));
    expect(secrets.sort()).toEqual(
      [
        "hunter2hunter2",
        "proxy-password",
        "sk-ant-of-the-operator",
        "token-of-the-operator",
      ].sort(),
    );
  });
});

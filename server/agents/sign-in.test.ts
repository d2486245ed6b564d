import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { copySignIn, keepSignIn } from "./sign-in";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "coppice-sign-in-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const operator = () => join(root, "operator");
const session = () => join(root, "session");
const places = (kind: "claude-code" | "codex", environment: Record<string, string> = {}) => ({
  ...{ kind, environment, homePath: session(), operatorHome: operator() },
});

function write(path: string, content: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
}
const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));

describe("the sign-in of Claude Code", () => {
  const path = (home: string) => join(home, ".claude", ".credentials.json");
  const signIn = (home: string, accessToken: string, expiresAt: number) => {
    const refreshToken = `refresh-${accessToken}`;
    write(path(home), { claudeAiOauth: { accessToken, refreshToken, expiresAt, plan: "x" } });
  };

  it("can be used by runs, and not spoilt", () => {
    expect(copySignIn(places("claude-code"))).toBe(false);
    signIn(operator(), "first", 1000);
    expect(copySignIn(places("claude-code"))).toBe(true);
    expect(read(path(session())).claudeAiOauth).toMatchObject({ accessToken: "first" });
    expect(statSync(path(session())).mode & 0o777).toBe(0o600);
    write(path(session()), "garbage");
    expect(keepSignIn(places("claude-code"))).toBe(false);
    expect(read(path(operator())).claudeAiOauth).toMatchObject({ accessToken: "first" });
  });

  it("is brought back when it was refreshed, and an older or endless one not", () => {
    signIn(operator(), "first", Date.now());
    for (const [token, expiresAt] of [
      ["older", 5],
      ["endless", Number.MAX_SAFE_INTEGER],
    ] as const) {
      signIn(session(), token, expiresAt);
      expect(keepSignIn(places("claude-code")), token).toBe(false);
    }
    signIn(session(), "refreshed", Date.now() + 8 * 3600_000);
    expect(keepSignIn(places("claude-code"))).toBe(true);
    const kept = { accessToken: "refreshed", refreshToken: "refresh-refreshed", plan: "x" };
    expect(read(path(operator())).claudeAiOauth).toMatchObject(kept);
  });

  it("that a dead worker did not bring back is not overwritten by the old one", () => {
    signIn(operator(), "first", Date.now());
    signIn(session(), "refreshed", Date.now() + 8 * 3600_000);
    copySignIn(places("claude-code"));
    expect(read(path(session())).claudeAiOauth).toMatchObject({ accessToken: "refreshed" });
  });
});

describe("the sign-in of Codex", () => {
  const path = (home: string) => join(home, ".codex", "auth.json");
  const hour = 3600_000;
  const signIn = (home: string, name: string, at: number, account = "account") => {
    const tokens = { id_token: name, access_token: name, refresh_token: name };
    write(path(home), {
      OPENAI_API_KEY: null,
      tokens: { ...tokens, account_id: account },
      last_refresh: new Date(at).toISOString(),
    });
  };

  it("is the operator's file, wherever that lies, else a key of the environment", () => {
    const key = { OPENAI_API_KEY: "sk-of-the-worker" };
    expect(copySignIn(places("codex"))).toBe(false);
    expect(copySignIn(places("codex", key))).toBe(true);
    expect(read(path(session()))).toEqual(key);
    signIn(operator(), "first", Date.now());
    expect(copySignIn(places("codex", key))).toBe(true);
    expect(read(path(session())).tokens).toMatchObject({ access_token: "first" });
    const elsewhere = join(root, "elsewhere");
    write(join(elsewhere, "auth.json"), { OPENAI_API_KEY: "sk-elsewhere" });
    expect(copySignIn(places("codex", { CODEX_HOME: elsewhere }))).toBe(true);
    expect(read(path(session()))).toEqual({ OPENAI_API_KEY: "sk-elsewhere" });
  });

  it("is brought back when it was refreshed, and nothing else is", () => {
    const now = Date.now();
    signIn(operator(), "first", now - hour);
    for (const [name, at, account] of [
      ["older", now - 2 * hour, "account"],
      ["from the future", now + hour, "account"],
      ["another's", now, "another"],
    ] as const) {
      signIn(session(), name, at, account);
      expect(keepSignIn(places("codex")), name).toBe(false);
    }
    write(path(session()), { OPENAI_API_KEY: "sk-of-the-agent" });
    expect(keepSignIn(places("codex"))).toBe(false);
    signIn(session(), "refreshed", now);
    expect(keepSignIn(places("codex"))).toBe(true);
    expect(read(path(operator())).tokens).toMatchObject({ refresh_token: "refreshed" });
  });
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasConversation, keepSignIn, prepareAgentHome } from "./agent-home";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "coppice-home-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const operatorHome = () => join(root, "operator");
const prepare = (sessionId: string) =>
  prepareAgentHome({
    home: root,
    sessionId,
    kind: "claude-code",
    operatorHome: operatorHome(),
    controlPath: join(root, "attempts", sessionId, "1"),
  });

function signIn(home: string, accessToken: string, expiresAt: number): void {
  mkdirSync(join(home, ".claude"), { recursive: true });
  const claudeAiOauth = {
    accessToken,
    refreshToken: `refresh-${accessToken}`,
    expiresAt,
    plan: "x",
  };
  writeFileSync(join(home, ".claude", ".credentials.json"), JSON.stringify({ claudeAiOauth }));
}

const readSignIn = (home: string) =>
  JSON.parse(readFileSync(join(home, ".claude", ".credentials.json"), "utf8")).claudeAiOauth;

describe("prepareAgentHome", () => {
  it("gives each session a home of its own, kept to the worker's user", () => {
    const [one, two] = [prepare("one"), prepare("two")];
    expect(one.homePath).not.toBe(two.homePath);
    expect(prepare("one")).toEqual(one);
    for (const path of [one.homePath, one.temporaryPath])
      expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it("lets runs use the operator's sign-in, and not spoil it", () => {
    signIn(operatorHome(), "first", 1000);
    const { homePath } = prepare("one");
    expect(readSignIn(homePath)).toMatchObject({ accessToken: "first" });
    writeFileSync(join(homePath, ".claude", ".credentials.json"), "garbage");
    expect(keepSignIn({ homePath, operatorHome: operatorHome() })).toBe(false);
    expect(readSignIn(operatorHome())).toMatchObject({ accessToken: "first" });
    expect(readSignIn(prepare("two").homePath)).toMatchObject({ accessToken: "first" });
  });

  it("brings a refreshed sign-in back, and an older or endless one not", () => {
    signIn(operatorHome(), "first", Date.now());
    const { homePath } = prepare("one");
    signIn(homePath, "older", 5);
    expect(keepSignIn({ homePath, operatorHome: operatorHome() })).toBe(false);
    signIn(homePath, "endless", Number.MAX_SAFE_INTEGER);
    expect(keepSignIn({ homePath, operatorHome: operatorHome() })).toBe(false);
    signIn(homePath, "refreshed", Date.now() + 8 * 3600_000);
    expect(keepSignIn({ homePath, operatorHome: operatorHome() })).toBe(true);
    const kept = { accessToken: "refreshed", refreshToken: "refresh-refreshed", plan: "x" };
    expect(readSignIn(operatorHome())).toMatchObject(kept);
  });
});

describe("hasConversation", () => {
  it("is true only when the agent has written something down", () => {
    const { homePath } = prepare("one");
    expect(hasConversation(homePath, "abc")).toBe(false);
    const project = join(homePath, ".claude", "projects", "-workspaces-demo");
    mkdirSync(project, { recursive: true });
    writeFileSync(join(project, "abc.jsonl"), "");
    expect(hasConversation(homePath, "abc")).toBe(false);
    writeFileSync(join(project, "abc.jsonl"), "{}\n");
    expect(hasConversation(homePath, "abc")).toBe(true);
    expect(hasConversation(homePath, "abd")).toBe(false);
  });
});

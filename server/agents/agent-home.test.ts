import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasConversation, prepareAgentHome } from "./agent-home";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "coppice-home-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const prepare = (
  sessionId: string,
  kind: "claude-code" | "codex" = "claude-code",
  environment: Record<string, string> = {},
) =>
  prepareAgentHome({
    home: root,
    sessionId,
    kind,
    operatorHome: join(root, "operator"),
    controlPath: join(root, "attempts", sessionId, "1"),
    environment,
  });

function write(path: string, text: string): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
}

describe("prepareAgentHome", () => {
  it("gives each session a home of its own, kept to the worker's user", () => {
    const [one, two] = [prepare("one"), prepare("two")];
    expect(one.homePath).not.toBe(two.homePath);
    expect(prepare("one")).toEqual(one);
    for (const path of [one.homePath, one.temporaryPath])
      expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it("gives Codex the settings that were named for it, and never what an agent wrote there", () => {
    const settings = join(root, "named.toml");
    write(settings, 'model = "m"\n');
    write(join(root, "operator", ".codex", "config.toml"), 'notify = ["a-program"]\n');
    const { homePath } = prepare("one", "codex", { COPPICE_CODEX_CONFIG: settings });
    const own = join(homePath, ".codex", "config.toml");
    expect(readFileSync(own, "utf8")).toBe('model = "m"\n');
    writeFileSync(own, 'notify = ["another-program"]\n');
    prepare("one", "codex");
    expect(readFileSync(own, "utf8")).toBe("");
  });

  it("names the settings that cannot be read", () => {
    const environment = { COPPICE_CODEX_CONFIG: join(root, "missing.toml") };
    expect(() => prepare("one", "codex", environment)).toThrow(/COPPICE_CODEX_CONFIG names/);
  });
});

describe("hasConversation", () => {
  const id = "01a20302-0046-7d21-9e11-c819813a75b6";

  it.each([
    { kind: "claude-code" as const, path: `.claude/projects/-workspaces-demo/${id}.jsonl` },
    {
      kind: "codex" as const,
      path: `.codex/sessions/2026/11/22/rollout-2026-11-22T11-26-32-${id}.jsonl`,
    },
  ])("of $kind is true only when the agent has written something down", ({ kind, path }) => {
    const { homePath } = prepare("one", kind);
    expect(hasConversation(homePath, id, kind)).toBe(false);
    write(join(homePath, path), "");
    expect(hasConversation(homePath, id, kind)).toBe(false);
    write(join(homePath, path), "{}\n");
    expect(hasConversation(homePath, id, kind)).toBe(true);
    expect(hasConversation(homePath, id.replace("01", "02"), kind)).toBe(false);
  });
});

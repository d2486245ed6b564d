import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Unprocessable } from "@/server/domain/errors";
import type { AgentKind } from "@/server/domain/workflow";
import { copyAcpSignIn, hasAcpConversation } from "./acp-home";
import { controlFiles } from "./control-folder";
import { hasCode } from "./has-code";
import { copySignIn, type SignInPlaces } from "./sign-in";

export interface AgentHome {
  /** HOME of the session's agents: its own, so that a resumed agent finds its conversation. */
  homePath: string;
  /** TMPDIR, for this attempt alone. */
  temporaryPath: string;
  /** What else of the host the agent must be able to write. */
  binds: string[];
}

/**
 * Makes HOME and TMPDIR for an attempt. The operator's sign-in is copied in, so that a run can use it
 * and cannot spoil it; `keepSignIn` brings a refreshed one back.
 * @throws Unprocessable when the settings that an operator named cannot be read.
 */
export function prepareAgentHome(options: {
  home: string;
  sessionId: string;
  kind: AgentKind;
  operatorHome: string;
  controlPath: string;
  /** The worker's own. */
  environment?: SignInPlaces["environment"];
  /** The workflow's program line: it says which ACP agent this is. */
  command?: string | null;
}): AgentHome {
  const { kind, operatorHome, environment = {} } = options;
  const homePath = agentHomePath(options.home, options.sessionId);
  const temporaryPath = join(options.controlPath, controlFiles.temporary);
  for (const path of [homePath, options.controlPath, temporaryPath]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }
  const isSignedIn = copySignIn({ kind, homePath, operatorHome, environment });
  if (kind === "claude-code" && isSignedIn) skipOnboarding(homePath);
  if (kind === "codex") copyCodexSettings(homePath, environment.COPPICE_CODEX_CONFIG);
  if (kind === "acp") copyAcpSignIn({ ...options, homePath, environment });
  return { homePath, temporaryPath, binds: [] };
}

/** A function of the session, so that it is known before it exists. */
export function agentHomePath(home: string, sessionId: string): string {
  return join(home, "agent-homes", sessionId);
}

/** Whether the agent CLI has this conversation already: then it is resumed, else it is begun. */
export function hasConversation(
  homePath: string,
  nativeSessionId: string,
  kind: AgentKind,
): boolean {
  if (kind === "codex") {
    const days = join(homePath, ".codex", "sessions");
    return listAll(days).some((path) => path.endsWith(`-${nativeSessionId}.jsonl`) && isFull(path));
  }
  if (kind === "acp") return hasAcpConversation(homePath, nativeSessionId);
  if (kind !== "claude-code") return false;
  const projects = join(homePath, ".claude", "projects");
  return listAll(projects).some(
    (path) => path.endsWith(`/${nativeSessionId}.jsonl`) && isFull(path),
  );
}

const isFull = (path: string) => statSync(path).size > 0;

/** A fresh HOME looks like a first start, and Claude Code would ask how it shall look. */
function skipOnboarding(homePath: string): void {
  const settings = join(homePath, ".claude.json");
  if (existsSync(settings)) return;
  writeFileSync(settings, JSON.stringify({ hasCompletedOnboarding: true }), { mode: 0o600 });
}

/**
 * Codex' settings are those of the file that COPPICE_CODEX_CONFIG names, or none: an operator's own
 * may name programs and servers that are not for runs. Written anew each time, for the agent can
 * change its copy.
 */
function copyCodexSettings(homePath: string, path: string | undefined): void {
  const folder = join(homePath, ".codex");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, "config.toml"), path ? readSettings(path) : "", { mode: 0o600 });
}

function readSettings(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new Unprocessable(`COPPICE_CODEX_CONFIG names “${path}”, which cannot be read.`, {
      hint: "Name a config.toml that the worker's account can read, or leave the variable out.",
      facts: { path },
      cause,
    });
  }
}

function listAll(path: string): string[] {
  try {
    return readdirSync(path, { recursive: true, encoding: "utf8" }).map((name) => join(path, name));
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

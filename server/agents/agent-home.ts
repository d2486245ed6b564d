import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { AgentKind } from "@/server/domain/workflow";
import { controlFiles } from "./control-folder";
import { hasCode } from "./has-code";

export interface AgentHome {
  /** HOME of the session's agents: its own, so that a resumed agent finds its conversation. */
  homePath: string;
  /** TMPDIR, for this attempt alone. */
  temporaryPath: string;
  /** What else of the host the agent must be able to write. */
  binds: string[];
}

/**
 * Makes HOME and TMPDIR for an attempt. The operator's Claude sign-in is copied in, so that a run
 * can use it and cannot spoil it; `keepSignIn` brings a refreshed one back.
 */
export function prepareAgentHome(options: {
  home: string;
  sessionId: string;
  kind: AgentKind;
  operatorHome: string;
  controlPath: string;
}): AgentHome {
  const homePath = agentHomePath(options.home, options.sessionId);
  const temporaryPath = join(options.controlPath, controlFiles.temporary);
  for (const path of [homePath, options.controlPath, temporaryPath]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }
  if (options.kind === "claude-code") copySignIn(options.operatorHome, homePath);
  return { homePath, temporaryPath, binds: [] };
}

/** A function of the session, so that it is known before it exists. */
export function agentHomePath(home: string, sessionId: string): string {
  return join(home, "agent-homes", sessionId);
}

/** Whether the agent CLI has this conversation already: then it is resumed, else it is begun. */
export function hasConversation(homePath: string, nativeSessionId: string): boolean {
  const projects = join(homePath, ".claude", "projects");
  return listFolders(projects).some((project) => {
    const path = join(projects, project, `${nativeSessionId}.jsonl`);
    return existsSync(path) && statSync(path).size > 0;
  });
}

const signInSchema = z.looseObject({
  claudeAiOauth: z.looseObject({
    accessToken: z.string().min(1),
    refreshToken: z.string().min(1),
    expiresAt: z.number(),
  }),
});

/**
 * Brings a sign-in that the agent has refreshed back to the operator, because a refresh makes the
 * old one worthless. Only a well-formed one that is valid longer is taken. Answers whether it was.
 */
export function keepSignIn(options: { homePath: string; operatorHome: string }): boolean {
  const theirs = readSignIn(options.homePath);
  const ours = readSignIn(options.operatorHome);
  if (!theirs || !ours) return false;
  const isNewer = theirs.claudeAiOauth.expiresAt > ours.claudeAiOauth.expiresAt;
  const isPlausible = theirs.claudeAiOauth.expiresAt < Date.now() + 30 * 24 * 3600 * 1000;
  if (!isNewer || !isPlausible) return false;
  const { accessToken, refreshToken, expiresAt } = theirs.claudeAiOauth;
  const merged = { ...ours.claudeAiOauth, accessToken, refreshToken, expiresAt };
  writePrivately(signInPath(options.operatorHome), { ...ours, claudeAiOauth: merged });
  return true;
}

const signInPath = (home: string) => join(home, ".claude", ".credentials.json");

function copySignIn(operatorHome: string, homePath: string): void {
  const ours = readSignIn(operatorHome);
  if (!ours) return;
  writePrivately(signInPath(homePath), ours);
  const settings = join(homePath, ".claude.json");
  if (!existsSync(settings)) writePrivately(settings, { hasCompletedOnboarding: true });
}

function readSignIn(home: string): z.infer<typeof signInSchema> | null {
  let text: string;
  try {
    text = readFileSync(signInPath(home), "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES", "ENOTDIR")) return null;
    throw error;
  }
  const parsed = signInSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

/** The file belongs to another program, and the session's copy to the agent: it may hold anything. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function writePrivately(path: string, content: unknown): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.coppice-${process.pid}`;
  writeFileSync(temporary, JSON.stringify(content), { mode: 0o600 });
  chmodSync(temporary, 0o600);
  renameSync(temporary, path);
}

function listFolders(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentKind } from "@/server/domain/workflow";
import { findAcpAgent } from "./acp-agents";

export interface EnvironmentOptions {
  kind: AgentKind;
  /** The workflow's program line: it says which ACP agent this is, and so which variables are its. */
  command?: string | null;
  runId: string;
  sessionId: string;
  /** The agent CLI's own id of the conversation; null where it names it only after its start. */
  agentSessionId: string | null;
  attemptId: string;
  workspaceId: string;
  workspacePath: string;
  branch: string;
  baseCommit: string;
  repositoryName: string;
  runNumber: number;
  message: string;
  homePath: string;
  temporaryPath: string;
  /** Variables that the driver or an admin adds; they cannot replace Coppice's own. */
  extra?: Record<string, string>;
  /** Where allow-listed variables are taken from: the worker's own environment. */
  source: NodeJS.ProcessEnv;
}

/** One environment string may hold 128 KiB on Linux; more fails the start of every process. */
const maxMessageBytes = 100 * 1024;

/**
 * The whole environment of an agent: an allow-list, for every command the agent runs can read it.
 * Also writes the message into the file that COPPICE_MESSAGE_FILE names.
 */
export function composeEnvironment(options: EnvironmentOptions): Record<string, string> {
  const messageFile = join(options.temporaryPath, "coppice-message.txt");
  writeFileSync(messageFile, options.message, { mode: 0o600 });
  return {
    ...pick(options.source, isSharedVariable),
    ...pick(options.source, (name) => isAgentVariable(options, name)),
    ...fixedVariables[options.kind],
    ...options.extra,
    PATH: searchPath(options.source.PATH),
    LANG: options.source.LANG ?? "C.UTF-8",
    HOME: options.homePath,
    TMPDIR: options.temporaryPath,
    PWD: options.workspacePath,
    ...gitVariables(options.kind),
    COPPICE_RUN_ID: options.runId,
    COPPICE_RUN_NUMBER: String(options.runNumber),
    COPPICE_SESSION_ID: options.sessionId,
    ...(options.agentSessionId !== null && { COPPICE_AGENT_SESSION_ID: options.agentSessionId }),
    COPPICE_ATTEMPT_ID: options.attemptId,
    COPPICE_WORKSPACE: options.workspacePath,
    COPPICE_WORKSPACE_ID: options.workspaceId,
    COPPICE_BRANCH: options.branch,
    COPPICE_BASE_COMMIT: options.baseCommit,
    COPPICE_REPOSITORY: options.repositoryName,
    COPPICE_MESSAGE: shorten(options.message, messageFile),
    COPPICE_MESSAGE_FILE: messageFile,
  };
}

/** The values in an agent's environment that must never be shown. */
export function secretsOf(environment: Record<string, string>): string[] {
  const secretName = /(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|HEADERS)$/;
  const named = Object.entries(environment).filter(([name]) => secretName.test(name));
  const proxies = Object.entries(environment).filter(([name]) => /^https?_proxy$/i.test(name));
  const values = [
    ...named.map(([, value]) => value),
    ...proxies.map(([, value]) => /\/\/[^/@]*:([^/@]+)@/.exec(value)?.[1] ?? ""),
  ];
  return [...new Set(values)].filter((value) => value.length >= 8);
}

function pick(source: NodeJS.ProcessEnv, isWanted: (name: string) => boolean) {
  return Object.fromEntries(
    Object.entries(source).flatMap(([name, value]) =>
      value !== undefined && isWanted(name) ? [[name, value]] : [],
    ),
  );
}

const sharedVariables = new Set([
  ...["TZ", "LC_ALL", "LC_CTYPE", "TERM", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"],
  ...["http_proxy", "https_proxy", "no_proxy", "all_proxy"],
  "COPPICE_URL",
]);

function isSharedVariable(name: string): boolean {
  return sharedVariables.has(name);
}

const agentVariables: Record<AgentKind, RegExp | null> = {
  shell: null,
  "claude-code":
    /^(ANTHROPIC_\w+|CLAUDE_CODE_\w+|DISABLE_(TELEMETRY|ERROR_REPORTING)|AWS_(REGION|PROFILE|BEARER_TOKEN_BEDROCK)|API_TIMEOUT_MS|BASH_(DEFAULT|MAX)_TIMEOUT_MS|MAX_THINKING_TOKENS)$/,
  codex: /^((AZURE_)?OPENAI_\w+|CODEX_API_KEY)$/,
  acp: null,
};

/** The worker may itself have been started by an agent: its session must not become this one's. */
const notForAgents =
  /^CLAUDE_CODE_(SESSION_ID|ENTRYPOINT|MESSAGING_\w+|SSE_PORT|CHILD_SESSION|REMOTE\w*)$/;

function isAgentVariable(
  { kind, command }: Pick<EnvironmentOptions, "kind" | "command">,
  name: string,
): boolean {
  const ofAcp = kind === "acp" ? findAcpAgent(command ?? null)?.variables : null;
  const variables = ofAcp ?? agentVariables[kind];
  return (variables?.test(name) ?? false) && !notForAgents.test(name);
}

const fixedVariables: Record<AgentKind, Record<string, string>> = {
  shell: {},
  "claude-code": { DISABLE_AUTOUPDATER: "1" },
  codex: {},
  acp: {},
};

const agentNames: Record<AgentKind, string> = {
  shell: "Shell",
  "claude-code": "Claude Code",
  codex: "Codex",
  acp: "Agent",
};

/** Who commits, and no question that would wait for a terminal for ever. */
function gitVariables(kind: AgentKind): Record<string, string> {
  const name = `Coppice ${agentNames[kind]}`;
  const email = `${kind}@coppice.invalid`;
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_TERMINAL_PROMPT: "0",
    SSH_ASKPASS: "false",
    GIT_ASKPASS: "false",
  };
}

/** The keeper itself needs the system's folders, whatever the worker was started with. */
function searchPath(path: string | undefined): string {
  const folders = (path ?? "").split(":").filter((folder) => folder.startsWith("/"));
  return [...new Set([...folders, "/usr/local/bin", "/usr/bin", "/bin"])].join(":");
}

function shorten(message: string, messageFile: string): string {
  const bytes = Buffer.from(message.replaceAll("\0", ""));
  if (bytes.length <= maxMessageBytes) return bytes.toString();
  // A character cut in two at the end is left out.
  const start = bytes
    .subarray(0, maxMessageBytes)
    .toString()
    .replace(/\uFFFD+$/, "");
  return `${start}\n[The message goes on; the whole of it is in ${messageFile}]`;
}

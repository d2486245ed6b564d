import { execFile } from "node:child_process";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DomainError, describeError } from "@/server/domain/errors";
import type { AgentPresence } from "@/server/domain/worker";
import { type AgentKind, drivenAgents } from "@/server/domain/workflow";
import { findExecutable } from "./probe-isolation";

class AgentNotFound extends DomainError {
  constructor(kind: AgentKind, why: string, cause?: unknown) {
    const hint = agentFacts[kind].howToInstall;
    super("unprocessable", why, { hint, facts: { kind }, cause });
  }
}

export interface FoundAgent {
  program: string;
  version: string;
}

interface FindOptions {
  /** An absolute path that an admin configured; it goes before everything else. */
  path?: string | undefined;
  environment?: NodeJS.ProcessEnv;
}

/**
 * The agent's program on this host and the version it reports: the configured path, else the
 * agent's own variable (e.g. COPPICE_CLAUDE_PATH), else PATH, else the installer's usual folders.
 * @throws AgentNotFound when there is none or it does not answer within ten seconds.
 */
export async function findAgent(kind: AgentKind, options: FindOptions = {}): Promise<FoundAgent> {
  const environment = options.environment ?? process.env;
  const facts = agentFacts[kind];
  if (!facts.program) throw new AgentNotFound(kind, `Agent “${kind}” is named by its workflow.`);
  const configured = options.path || environment[facts.variable];
  const program = configured
    ? requireExecutable(kind, configured, options.path ? "The configured path" : facts.variable)
    : locate(facts.program, environment);
  if (!program) {
    throw new AgentNotFound(kind, `“${facts.program}” was not found on the worker's PATH.`);
  }
  const version = await readVersion(kind, program);
  if (facts.oldest && isOlder(version, facts.oldest)) {
    const why = `“${program}” is version ${version}; Coppice needs ${facts.oldest} or newer.`;
    throw new AgentNotFound(kind, why);
  }
  return { program, version };
}

/** Every agent that this version drives, for the pages and `coppice doctor`. */
export async function probeAgents(options: FindOptions = {}): Promise<AgentPresence[]> {
  return await Promise.all(
    drivenAgents.map(async (kind) => {
      const { howToInstall } = agentFacts[kind];
      try {
        return { kind, ...(await findAgent(kind, options)), problem: null, howToInstall };
      } catch (error) {
        const problem = describeError(error);
        return { kind, program: null, version: null, problem, howToInstall };
      }
    }),
  );
}

interface AgentFacts {
  program: string | null;
  variable: string;
  howToInstall: string;
  /** The oldest version whose language the driver was tried with; left out where it is old. */
  oldest?: string;
}

const agentFacts: Record<AgentKind, AgentFacts> = {
  shell: {
    program: "bash",
    variable: "COPPICE_BASH_PATH",
    howToInstall: "Install bash on the worker's host.",
  },
  "claude-code": {
    program: "claude",
    variable: "COPPICE_CLAUDE_PATH",
    howToInstall:
      "Run “npm install -g @anthropic-ai/claude-code” on the worker's host, or set COPPICE_CLAUDE_PATH.",
  },
  codex: {
    program: "codex",
    variable: "COPPICE_CODEX_PATH",
    howToInstall:
      "Run “npm install -g @openai/codex” on the worker's host, or set COPPICE_CODEX_PATH.",
    oldest: "0.169.0",
  },
  acp: {
    program: null,
    variable: "COPPICE_ACP_PATH",
    howToInstall: "Give the agent's command in the workflow.",
  },
};

function requireExecutable(kind: AgentKind, path: string, whose: string): string {
  try {
    accessSync(path, constants.X_OK);
    if (path.startsWith("/") && statSync(path).isFile()) return path;
  } catch (cause) {
    throw new AgentNotFound(kind, `${whose} names “${path}”, which cannot be executed.`, cause);
  }
  throw new AgentNotFound(
    kind,
    `${whose} names “${path}”, which is not an absolute path of a file.`,
  );
}

/** A service's PATH is often shorter than the operator's, so the usual folders are looked at too. */
function locate(name: string, environment: NodeJS.ProcessEnv): string | null {
  const home = environment.HOME ?? homedir();
  const usual = [
    join(home, ".local/bin"),
    join(home, ".claude/local"),
    "/usr/local/bin",
    "/usr/bin",
    "/bin",
  ];
  return findExecutable(name, [environment.PATH ?? "", ...usual].join(":"));
}

/** By the numbers before any word; one that cannot be read is taken for old. */
function isOlder(version: string, oldest: string): boolean {
  const order = new Intl.Collator("en", { numeric: true });
  const [known] = /^\d+(\.\d+)*/.exec(version) ?? ["0"];
  return order.compare(known, oldest) < 0;
}

const versions = new Map<string, string>();

/** Asked once per installed file: an upgrade is another file or another time. */
async function readVersion(kind: AgentKind, program: string): Promise<string> {
  const file = realpathSync(program);
  const key = `${file} ${statSync(file).mtimeMs}`;
  const known = versions.get(key);
  if (known) return known;
  try {
    const run = promisify(execFile);
    const env = { PATH: process.env.PATH, HOME: "/nonexistent", DISABLE_AUTOUPDATER: "1" };
    const { stdout } = await run(program, ["--version"], {
      timeout: 10_000,
      env: env as unknown as NodeJS.ProcessEnv,
    });
    const version = /\d+(?:\.\d+)+[\w.-]*/.exec(stdout)?.[0] ?? stdout.trim().slice(0, 40);
    versions.set(key, version);
    return version;
  } catch (cause) {
    throw new AgentNotFound(kind, `“${program} --version” failed: ${describeError(cause)}`, cause);
  }
}

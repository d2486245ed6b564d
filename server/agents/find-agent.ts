import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { DomainError, describeError } from "@/server/domain/errors";
import { splitCommand } from "@/server/domain/split-command";
import type { AgentPresence } from "@/server/domain/worker";
import type { AgentKind } from "@/server/domain/workflow";
import { type AgentProgram, agentPrograms, programOf } from "./agent-programs";
import { findSignIn } from "./find-sign-in";
import { findExecutable } from "./probe-isolation";
import { readProgramVersion } from "./read-program-version";

class AgentNotFound extends DomainError {
  constructor(kind: AgentKind, hint: string, why: string, cause?: unknown) {
    super("unprocessable", why, { hint, facts: { kind }, cause });
  }
}

export interface FoundAgent {
  program: string;
  /** Null for the agent of a workflow's own command: it may know no “--version”. */
  version: string | null;
}

interface FindOptions {
  /** An absolute path that an admin configured; it goes before everything else. */
  path?: string | undefined;
  /** The program line of the workflow; only for `acp`. */
  command?: string | null;
  environment?: NodeJS.ProcessEnv;
}

/**
 * The agent's program on this host and the version it reports: the configured path, else the
 * agent's own variable (e.g. COPPICE_CLAUDE_PATH), else PATH, else the installer's usual folders.
 * That of an ACP agent is the first word of its workflow's command.
 * @throws AgentNotFound when there is none or it does not answer within ten seconds.
 */
export async function findAgent(kind: AgentKind, options: FindOptions = {}): Promise<FoundAgent> {
  const known = programOf(kind);
  if (!known) return { program: findCommandProgram(options), version: null };
  const program = findProgram(known, options);
  const version = await readVersion(known, program);
  if (known.oldest && isOlder(version, known.oldest)) {
    const why = `“${program}” is version ${version}; Coppice needs ${known.oldest} or newer.`;
    throw new AgentNotFound(kind, known.howToInstall, why);
  }
  return { program, version };
}

/** Every agent that this version knows, for the pages and `coppice doctor`. */
export async function probeAgents(options: FindOptions = {}): Promise<AgentPresence[]> {
  const environment = options.environment ?? process.env;
  return await Promise.all(
    agentPrograms.map(async (known) => {
      const { variable: _variable, oldest: _oldest, ...facts } = known;
      const said = { ...facts, signIn: findSignIn(known, environment) };
      try {
        return { ...said, ...(await findKnown(known, options)), problem: null };
      } catch (error) {
        return { ...said, program: null, version: null, problem: describeError(error) };
      }
    }),
  );
}

async function findKnown(known: AgentProgram, options: FindOptions): Promise<FoundAgent> {
  if (known.kind !== "acp") return findAgent(known.kind, options);
  const program = findProgram(known, options);
  return { program, version: await readVersion(known, program) };
}

function findProgram(known: AgentProgram, options: FindOptions): string {
  const { kind, name, variable, howToInstall } = known;
  const environment = options.environment ?? process.env;
  const configured = options.path || environment[variable];
  if (configured) {
    return requireExecutable(known, configured, options.path ? "The configured path" : variable);
  }
  const program = locate(name, environment);
  if (program) return program;
  throw new AgentNotFound(kind, howToInstall, `“${name}” was not found on the worker's PATH.`);
}

/** One that Coppice knows is found as it is elsewhere; any other by its path, or on PATH. */
function findCommandProgram(options: FindOptions): string {
  const [word = ""] = splitCommand(options.command ?? "");
  const known = agentPrograms.find(({ kind, name }) => kind === "acp" && name === word);
  if (known) return findProgram(known, options);
  const howToInstall = "Install the program on the worker's host, or give its absolute path.";
  const program = { kind: "acp" as const, howToInstall };
  if (word.includes("/")) return requireExecutable(program, word, "The workflow's command");
  const found = locate(word, options.environment ?? process.env);
  if (found) return found;
  throw new AgentNotFound("acp", howToInstall, `“${word}” was not found on the worker's PATH.`);
}

function requireExecutable(
  { kind, howToInstall }: Pick<AgentProgram, "kind" | "howToInstall">,
  path: string,
  whose: string,
): string {
  try {
    accessSync(path, constants.X_OK);
    if (path.startsWith("/") && statSync(path).isFile()) return path;
  } catch (cause) {
    const why = `${whose} names “${path}”, which cannot be executed.`;
    throw new AgentNotFound(kind, howToInstall, why, cause);
  }
  const why = `${whose} names “${path}”, which is not an absolute path of a file.`;
  throw new AgentNotFound(kind, howToInstall, why);
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

async function readVersion(known: AgentProgram, program: string): Promise<string> {
  try {
    return await readProgramVersion(program);
  } catch (cause) {
    const why = `“${program} --version” failed: ${describeError(cause)}`;
    throw new AgentNotFound(known.kind, known.howToInstall, why, cause);
  }
}

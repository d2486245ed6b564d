import { type ChildProcess, spawn } from "node:child_process";
import type { Access, Confine } from "@/server/domain/confinement";
import { DomainError } from "@/server/domain/errors";
import { composeGitEnvironment, type GitEnvironmentOptions } from "./compose-git-environment";
import { writeGitConfig } from "./write-git-config";

export interface GitOptions extends GitEnvironmentOptions {
  cwd?: string;
  input?: string | Buffer;
  /** Default 120. The whole process group is killed when they are over. */
  timeoutSeconds?: number;
  /** Default 64 MiB of stdout. */
  maxOutputBytes?: number;
  /** `fail` (default) throws when stdout is longer; `cut` stops git and gives what came so far. */
  whenTooLong?: "fail" | "cut";
  /** Exit codes that are answers, not failures. Default: 0 alone. */
  okExitCodes?: number[];
  /** Takes stdout piece by piece; `stdout` is then empty. Returning false stops git. */
  onStdout?: (chunk: Buffer) => boolean;
  confine?: Confine;
  /** What the confined git may reach. Needed with `confine`. */
  access?: Access;
  signal?: AbortSignal;
}

export interface GitResult {
  stdout: Buffer;
  stderr: string;
  exitCode: number;
  isCut: boolean;
}

/** A git command did not do what was asked. Arguments hold no secrets: origins cannot carry any. */
export class GitFailed extends DomainError {
  constructor(
    readonly args: string[],
    readonly exitCode: number | null,
    readonly stderr: string,
    readonly timedOut: boolean,
    cause?: unknown,
  ) {
    const why = timedOut ? "took too long and was stopped" : (lastLine(stderr) ?? "gave no reason");
    super("unavailable", `git ${args[0] ?? ""} failed: ${why}`, {
      facts: { args: args.slice(0, 20), exitCode, stderr, timedOut },
      cause,
    });
  }
}

/**
 * Runs git; nothing else in Coppice does. The environment and the config are ours alone.
 * @throws GitFailed for any exit code but the allowed ones, a timeout, an abort, or too long an output.
 */
export async function git(args: string[], options: GitOptions): Promise<GitResult> {
  const configPath = await writeGitConfig(options.home);
  const environment = composeGitEnvironment(options, configPath);
  options.signal?.throwIfAborted();
  const [program, ...rest] = composeArgv(args, options);
  const child = spawn(program ?? "git", rest, {
    cwd: options.cwd ?? "/",
    env: environment as NodeJS.ProcessEnv,
    detached: true,
    stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  return settle(child, args, options);
}

/** What confines hands our environment on as it is. */
function composeArgv(args: string[], { confine, access }: GitOptions): string[] {
  if (!confine) return ["git", ...args];
  if (!access) throw new TypeError("a confined git needs to be told what it may reach");
  return confine(["git", ...args], access);
}

function settle(child: ChildProcess, args: string[], options: GitOptions): Promise<GitResult> {
  const { timeoutSeconds = 120, okExitCodes = [0], signal } = options;
  const output = collectOutput(child, options);
  return new Promise((resolve, reject) => {
    let timedOut = false;
    const stop = () => killGroup(child);
    const timer = setTimeout(() => {
      timedOut = true;
      stop();
    }, timeoutSeconds * 1000);
    signal?.addEventListener("abort", stop, { once: true });
    const release = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    };
    child.once("error", (error) => {
      release();
      reject(new GitFailed(args, null, error.message, false, error));
    });
    child.once("close", (exitCode) => {
      release();
      const { stdout, stderr, isCut } = output;
      const isCutOnPurpose = isCut && (options.onStdout || options.whenTooLong === "cut");
      if (signal?.aborted)
        return reject(new GitFailed(args, exitCode, stderr, false, signal.reason));
      if (isCutOnPurpose)
        return resolve({ stdout: Buffer.concat(stdout), stderr, exitCode: 0, isCut });
      if (isCut) return reject(new GitFailed(args, exitCode, "its output is too long", timedOut));
      if (timedOut || exitCode === null || !okExitCodes.includes(exitCode)) {
        return reject(new GitFailed(args, exitCode, stderr, timedOut));
      }
      resolve({ stdout: Buffer.concat(stdout), stderr, exitCode, isCut });
    });
    // git may end before it has read all of its input; its exit code tells the story then.
    child.stdin?.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "ECONNRESET") reject(error);
    });
    if (options.input !== undefined) child.stdin?.end(options.input);
  });
}

function collectOutput(child: ChildProcess, options: GitOptions) {
  const { maxOutputBytes = 64 * 1024 * 1024, onStdout } = options;
  const output = { stdout: [] as Buffer[], stderr: "", isCut: false };
  let bytes = 0;
  child.stdout?.on("data", (chunk: Buffer) => {
    if (output.isCut) return;
    if (onStdout) {
      output.isCut = !onStdout(chunk);
    } else {
      const room = maxOutputBytes - bytes;
      output.stdout.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
      bytes += chunk.length;
      output.isCut = bytes > maxOutputBytes;
    }
    if (output.isCut) killGroup(child);
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    output.stderr = (output.stderr + chunk.toString("utf8")).slice(-64 * 1024);
  });
  return output;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function lastLine(text: string): string | undefined {
  const lines = text.trim().split("\n");
  const telling = lines.findLast((line) => /^(?:fatal|error):/.test(line)) ?? lines.at(-1);
  return telling?.replace(/^(?:fatal|error): /, "") || undefined;
}

import { existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, sep } from "node:path";
import type { Access, Confine, Isolation } from "@/server/domain/confinement";
import { Unprocessable } from "@/server/domain/errors";
import type { AgentKind } from "@/server/domain/workflow";
import { type IsolationFacts, namespaceFlags } from "./probe-isolation";

export interface AgentCommandOptions {
  /** From the driver's `launch`. */
  argv: string[];
  isolation: IsolationFacts;
  sandbox: "auto" | "on" | "off";
  kind: AgentKind;
  workspacePath: string;
  homePath: string;
  temporaryPath: string;
  /** The mirror's `objects`, which the workspace borrows. */
  mirrorObjectsPath: string | null;
  extraReadOnly?: string[];
  /** Files and folders that the agent may also write, at their own paths. */
  extraBinds?: string[];
}

export interface AgentCommand {
  argv: string[];
  isolation: Isolation;
  isSandboxed: boolean;
}

/**
 * The command that the keeper runs: the agent's own, behind a shell that waits for `go`, inside the
 * best confinement that the host and the workflow allow. `auto` confines agent CLIs, not `shell`.
 * @throws Unprocessable when the workflow insists on a sandbox that this host cannot make.
 */
export function agentCommand(options: AgentCommandOptions): AgentCommand {
  const { bubblewrap, unshare, why } = options.isolation;
  const isSandboxed = willSandbox(options);
  if (options.sandbox === "on" && !bubblewrap) {
    throw new Unprocessable("This workflow demands a sandbox, and this host cannot make one.", {
      hint: `${why} Install bubblewrap on the worker's host, or set the workflow's sandbox to “auto”.`,
      facts: { why },
    });
  }
  const waiting = waitForGo(options);
  if (bubblewrap && isSandboxed) {
    const argv = [bubblewrap.path, ...sandboxFlags(options), ...waiting];
    return { argv, isolation: "bubblewrap", isSandboxed: true };
  }
  if (bubblewrap) {
    const argv = [bubblewrap.path, ...wholeHostFlags, ...waiting];
    return { argv, isolation: "pid-namespace", isSandboxed: false };
  }
  if (unshare) {
    // The shell in between is the namespace's first process: it reaps what the agent leaves behind.
    const init = ["/bin/sh", "-c", 'setsid "$@"; exit "$?"', "init"];
    const argv = [unshare.path, ...unshare.flags, ...init, ...waiting];
    return { argv, isolation: "pid-namespace", isSandboxed: false };
  }
  return { argv: waiting, isolation: "none", isSandboxed: false };
}

/** Whether an agent sees only what is its own; one that does not must take care of itself. */
export function willSandbox({
  isolation,
  sandbox,
  kind,
}: Pick<AgentCommandOptions, "isolation" | "sandbox" | "kind">): boolean {
  const isWanted = sandbox === "on" || (sandbox === "auto" && kind !== "shell");
  return isWanted && isolation.bubblewrap !== null;
}

/** Wraps the server's own commands, e.g. git over an agent's tree; identity where nothing confines. */
export function confineWith(facts: IsolationFacts): Confine {
  const { bubblewrap } = facts;
  if (!bubblewrap) return (argv) => argv;
  return (argv, access) => {
    if (access.isWholeHostVisible) return [bubblewrap.path, ...wholeHostFlags, "--", ...argv];
    return [bubblewrap.path, ...confinedFlags(access), "--", ...argv];
  };
}

/** The new session gives the agent a process group without bubblewrap, so that SIGTERM spares that. */
const wholeHostFlags = [
  ...["--dev-bind", "/", "/", "--proc", "/proc"],
  ...["--unshare-pid", "--die-with-parent", "--new-session"],
];

/**
 * Says "ready" with the pid it knows of itself, waits for "go" on its stdin, and becomes the agent in
 * its workspace, which need not be there before. Should the keeper die first, its stdin ends and so
 * does it.
 */
function waitForGo({ argv, kind, workspacePath }: AgentCommandOptions): string[] {
  const input = kind === "shell" ? "</dev/null" : "";
  const script = [
    "read -r self rest </proc/self/stat",
    'echo "$self" >&4',
    '{ read -r word && [ "$word" = go ]; } || exit 75',
    'cd "$1" || exit 126; shift',
    `exec "$@" 4>&- ${input}`,
  ].join("\n");
  return ["/bin/sh", "-c", script, "agent", workspacePath, ...argv];
}

function sandboxFlags(options: AgentCommandOptions): string[] {
  const program = options.argv[0] ?? "";
  return [
    ...namespaceFlags,
    ...["--cap-drop", "ALL"],
    ...systemBinds(),
    ...readOnlyBinds([...programFolders(program), ...(options.extraReadOnly ?? [])]),
    ...readWriteBinds([options.workspacePath, options.homePath, options.temporaryPath]),
    ...readWriteBinds(options.extraBinds ?? []),
    ...readOnlyBinds(options.mirrorObjectsPath ? [options.mirrorObjectsPath] : []),
    // Claude Code refuses some modes to root unless it is told that it is confined.
    ...(options.kind === "claude-code" ? ["--setenv", "IS_SANDBOX", "1"] : []),
    ...["--chdir", options.workspacePath],
    "--",
  ];
}

function confinedFlags(access: Access): string[] {
  return [
    ...namespaceFlags,
    ...(access.network ? [] : ["--unshare-net"]),
    ...["--cap-drop", "ALL"],
    ...systemBinds(["ld.so.cache", "nsswitch.conf", "passwd"]),
    ...readWriteBinds(access.readWrite),
    ...readOnlyBinds(access.readOnly),
  ];
}

const readWriteBinds = (paths: string[]) => paths.flatMap((path) => ["--bind", path, path]);
const readOnlyBinds = (paths: string[]) => paths.flatMap((path) => ["--ro-bind", path, path]);

/** The system read-only, with private /proc, /dev, /tmp and /run. Of /etc only what programs need. */
function systemBinds(files = systemFiles): string[] {
  const folders = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"].flatMap((path) => {
    if (!existsSync(path)) return [];
    const isLink = lstatSync(path).isSymbolicLink();
    return isLink ? ["--symlink", readlinkSync(path), path] : ["--ro-bind", path, path];
  });
  const tools = ["/usr", "/opt", "/nix/store", ...files.map((name) => `/etc/${name}`)];
  return [
    ...folders,
    ...tools.filter((path) => existsSync(path)).flatMap((path) => ["--ro-bind", path, path]),
    ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/run"],
    ...kernelControls.flatMap((path) => ["--ro-bind-try", path, path]),
    ...["--dir", "/var/tmp"],
  ];
}

/** Root may write these even without any capability, e.g. a program to be run on the host. */
const kernelControls = ["sys", "sysrq-trigger", "irq", "bus", "fs", "acpi", "scsi"].map(
  (name) => `/proc/${name}`,
);

const systemFiles = [
  ...[
    "alternatives",
    "crypto-policies",
    "fonts",
    "gitconfig",
    "group",
    "hosts",
    "java",
    "ld.so.cache",
  ],
  ...["localtime", "mime.types", "nsswitch.conf", "os-release", "passwd", "perl", "protocols"],
  ...["python3", "resolv.conf", "services", "ssl/certs", "ssl/openssl.cnf"],
  ...["pki/ca-trust", "pki/tls/certs", "pki/tls/cert.pem"],
];

/**
 * What a program that lives outside the system needs to start: the folder it is installed in (for an
 * npm package, the whole `node_modules`), the link it is called by, and Node's own folder.
 */
export function programFolders(program: string): string[] {
  const places = [program, process.execPath].filter((path) => path.startsWith(sep));
  const paths = places
    .filter((path) => existsSync(path))
    .flatMap((path) => [path, realpathSync(path)]);
  const outside = paths.filter((path) => !isSystemPath(path)).map(installFolder);
  return [...new Set(outside)];
}

/** Never so wide that it would show the host: a program in `/` or in a home stands for itself. */
function installFolder(path: string): string {
  const parts = path.split(sep);
  const modules = parts.indexOf("node_modules");
  if (modules > 0) return parts.slice(0, modules + 1).join(sep);
  const folder = dirname(path);
  if (folder === sep || folder === homedir()) return path;
  const prefix = dirname(folder);
  const isNodePrefix = existsSync(join(prefix, "lib", "node_modules"));
  return isNodePrefix && prefix !== sep && prefix !== homedir() ? prefix : folder;
}

function isSystemPath(path: string): boolean {
  const system = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt", "/nix/store"];
  return system.some((folder) => path.startsWith(`${folder}/`));
}

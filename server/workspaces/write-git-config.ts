import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

export interface GitConfigPaths {
  local: string;
  /** For calls to https and ssh origins: the operator's own config first, for credential helpers. */
  remote: string;
}

const ours = `# Written by Coppice. The only config that its git reads.
[core]
	hooksPath = /dev/null
	fsmonitor = false
	untrackedCache = false
	autocrlf = false
	excludesFile = /dev/null
	attributesFile = /dev/null
	bigFileThreshold = 20m
	fsync = committed,reference
	filesRefLockTimeout = 2000
	packedRefsTimeout = 5000
[gc]
	auto = 0
[maintenance]
	auto = false
[advice]
	detachedHead = false
[init]
	defaultBranch = main
[commit]
	gpgSign = false
[tag]
	gpgSign = false
[protocol]
	allow = never
[submodule]
	recurse = false
[fetch]
	recurseSubmodules = false
	writeCommitGraph = false
[http]
	followRedirects = false
	lowSpeedLimit = 1
	lowSpeedTime = 60
[diff]
	renames = true
[log]
	showSignature = false
`;

const written = new Map<string, Promise<GitConfigPaths>>();

/** Makes `<home>/git/config` and `<home>/git/remote-config` once per process, each by rename. */
export function writeGitConfig(home: string): Promise<GitConfigPaths> {
  let paths = written.get(home);
  if (!paths) {
    paths = writeBoth(home);
    written.set(home, paths);
    paths.catch(() => written.delete(home));
  }
  return paths;
}

async function writeBoth(home: string): Promise<GitConfigPaths> {
  const folder = path.join(home, "git");
  await mkdir(folder, { recursive: true });
  const userConfig = process.env.XDG_CONFIG_HOME ?? path.join(homedir(), ".config");
  const includes = [path.join(userConfig, "git/config"), path.join(homedir(), ".gitconfig")]
    .map((file) => `\tpath = ${quote(file)}\n`)
    .join("");
  const paths = { local: path.join(folder, "config"), remote: path.join(folder, "remote-config") };
  await writeIfDifferent(paths.local, ours);
  await writeIfDifferent(paths.remote, `[include]\n${includes}${ours}`);
  return paths;
}

async function writeIfDifferent(file: string, text: string): Promise<void> {
  const present = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (present === text) return;
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, text);
  await rename(temporary, file);
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

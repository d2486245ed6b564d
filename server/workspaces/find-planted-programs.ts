import { lstat } from "node:fs/promises";
import path from "node:path";
import { GitFailed, git } from "./git";
import { listFolder } from "./read-git-refs";

/** Settings by which a repository makes git start a program or read another file. */
const programSettings =
  /^(?:core\.(?:fsmonitor|hookspath|editor|pager|askpass|sshcommand|gitproxy|alternaterefscommand|worktree)|diff\.(?:external|.*\.(?:textconv|command))|filter\..*\.(?:clean|smudge|process)|merge\..*\.driver|gpg\.(?:.*\.)?program|credential\..*|alias\..*|pager\..*|sequence\.editor|interactive\.difffilter|uploadpack\.packobjectshook|remote\..*\.(?:uploadpack|receivepack|vcs)|url\..*\.(?:push)?insteadof|include(?:if)?\..*path)$/i;

/** What an agent's git folder would start, by name: settings and hooks. Nothing of it is run. */
export async function findPlantedPrograms(home: string, workspace: string): Promise<string[]> {
  const gitFolder = path.join(workspace, ".git");
  const hooks = (await listFolder(path.join(gitFolder, "hooks"))).filter(
    (entry) => !entry.isDirectory() && !entry.name.endsWith(".sample"),
  );
  return [
    ...(await readSettings(home, path.join(gitFolder, "config"))),
    ...hooks.map(({ name }) => `hooks/${name}`),
  ];
}

async function readSettings(home: string, file: string): Promise<string[]> {
  const facts = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  if (!facts?.isFile()) return [];
  try {
    const args = ["config", "--file", file, "--no-includes", "--list", "--name-only", "-z"];
    const { stdout } = await git(args, { home });
    const names = stdout.toString("utf8").split("\0");
    return [...new Set(names.filter((name) => programSettings.test(name)))];
  } catch (error) {
    if (error instanceof GitFailed && !error.timedOut) return ["config (damaged)"];
    throw error;
  }
}

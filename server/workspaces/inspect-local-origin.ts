import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { exists } from "./exists";
import { git } from "./git";

/** What must be known of an origin on this host's disk before anything is pushed to it. */
export interface LocalOrigin {
  /** Checkouts by the branch they have out: somebody's working copies, which no push may change. */
  checkouts: Map<string, string>;
  /** Where its hooks are: they decide what it takes. */
  hooksPath: string;
  /** It belongs to another account and has hooks, which would run with this account's rights. */
  hasForeignHooks: boolean;
}

/** Looks at files alone; git is not run in somebody's repository. @throws GitFailed for a broken config. */
export async function inspectLocalOrigin(home: string, folder: string): Promise<LocalOrigin> {
  const gitFolder = await findGitFolder(folder);
  const config = path.join(gitFolder, "config");
  const isBare = (await readSetting(home, config, "core.bare")) === "true";
  const checkouts = new Map<string, string>();
  const main = isBare ? null : await readBranch(path.join(gitFolder, "HEAD"));
  if (main) checkouts.set(main, folder);
  for (const name of await namesIn(path.join(gitFolder, "worktrees"))) {
    const inner = path.join(gitFolder, "worktrees", name);
    const branch = await readBranch(path.join(inner, "HEAD"));
    if (branch) checkouts.set(branch, await readWorktreePath(inner));
  }
  const configured = await readSetting(home, config, "core.hooksPath");
  const hooksPath = configured
    ? path.resolve(gitFolder, configured)
    : path.join(gitFolder, "hooks");
  const isForeign = (await stat(gitFolder)).uid !== process.getuid?.();
  const hasForeignHooks = isForeign && (await holdsHooks(hooksPath));
  return { checkouts, hooksPath, hasForeignHooks };
}

async function findGitFolder(folder: string): Promise<string> {
  const inner = path.join(folder, ".git");
  if (!(await exists(inner))) return folder;
  if ((await stat(inner)).isDirectory()) return inner;
  const target = /^gitdir: (.+)$/m.exec(await readFile(inner, "utf8"))?.[1] ?? "";
  return path.resolve(folder, target.trim());
}

async function readSetting(home: string, file: string, name: string): Promise<string | null> {
  const { stdout, exitCode } = await git(["config", "--file", file, "--get", name], {
    home,
    okExitCodes: [0, 1],
  });
  return exitCode === 0 ? stdout.toString().trim() : null;
}

async function readBranch(file: string): Promise<string | null> {
  const text = await readFile(file, "utf8").catch(whenGone(""));
  return /^ref: refs\/heads\/(.+)$/m.exec(text)?.[1]?.trim() ?? null;
}

async function readWorktreePath(inner: string): Promise<string> {
  const text = await readFile(path.join(inner, "gitdir"), "utf8").catch(whenGone(""));
  return text.trim() ? path.dirname(path.resolve(inner, text.trim())) : inner;
}

async function holdsHooks(folder: string): Promise<boolean> {
  const names = await namesIn(folder);
  return names.some((name) => !name.endsWith(".sample"));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(whenGone<string[]>([]));
}

function whenGone<T>(value: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return value;
    throw error;
  };
}

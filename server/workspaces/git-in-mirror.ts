import { readdir, readFile, unlink } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { GitFailed, type GitOptions, type GitResult, git } from "./git";

/**
 * Runs git in a mirror. A lock file that a killed git left behind is removed once no git works in
 * that mirror any more, and the command is tried again; a lock of a living git is waited for.
 * @throws GitFailed
 */
export async function gitInMirror(
  mirror: string,
  args: string[],
  options: Omit<GitOptions, "gitDir">,
  patienceSeconds = 10,
): Promise<GitResult> {
  const deadline = Date.now() + patienceSeconds * 1000;
  for (;;) {
    try {
      return await git(args, { ...options, gitDir: mirror });
    } catch (error) {
      const lock = error instanceof GitFailed ? findLock(error.stderr, mirror) : null;
      if (!lock || Date.now() > deadline) throw error;
      if (await isAnyGitAtWork(mirror)) await delay(50);
      else await removeLock(lock);
    }
  }
}

/** The lock file that git names in “Unable to create '….lock': File exists.” */
function findLock(stderr: string, mirror: string): string | null {
  const named = /Unable to create '([^']+\.lock)': File exists/.exec(stderr)?.[1];
  if (!named) return null;
  const lock = path.resolve(mirror, named);
  return lock.startsWith(`${mirror}${path.sep}`) ? lock : null;
}

/** Every git of ours carries the mirror's path in its environment. */
async function isAnyGitAtWork(mirror: string): Promise<boolean> {
  const pids = (await readdir("/proc").catch(whenMissing([]))).filter((name) => /^\d+$/.test(name));
  const marks = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/environ`, "latin1").catch(whenMissing(""))),
  );
  const mark = Buffer.from(`GIT_DIR=${mirror}`).toString("latin1");
  return marks.some((environment) => environment.split("\0").includes(mark));
}

async function removeLock(lock: string): Promise<void> {
  await unlink(lock).catch(whenMissing(undefined));
}

/** Other people's processes cannot be read, and processes end while we look. */
function whenMissing<T>(value: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes(error.code ?? "")) return value;
    throw error;
  };
}

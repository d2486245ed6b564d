import { GitFailed, type GitOptions, git } from "./git";
import { gitInMirror } from "./git-in-mirror";
import type { Reach } from "./reach-origin";

const heads = "+refs/heads/*:refs/remotes/origin/*";
const tags = "+refs/tags/*:refs/tags/*";
const quiet = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"];

/**
 * Fetches all branches and tags of an origin into the mirror. Nothing is ever pruned, but for one
 * case: a branch `a/b` cannot stand beside a deleted branch `a`. Then all branches as they were are
 * put under `refs/coppice/gone/` first.
 * @throws GitFailed
 */
export async function fetchMirror(
  mirror: string,
  reach: Reach,
  options: Pick<GitOptions, "home" | "timeoutSeconds" | "signal">,
): Promise<void> {
  const fetchOnce = (...more: string[]) =>
    gitInMirror(mirror, ["fetch", ...quiet, "--no-recurse-submodules", ...reach.flags, ...more], {
      ...options,
      ...reach.options,
    });
  try {
    await fetchOnce("--", reach.address, heads, tags);
  } catch (error) {
    if (!isNameTaken(error)) throw error;
    await keepGoneBranches(mirror, options.home);
    await fetchOnce("--prune", "--", reach.address, heads);
    await fetchOnce("--", reach.address, heads, tags);
  }
}

function isNameTaken(error: unknown): boolean {
  return (
    error instanceof GitFailed &&
    /cannot lock ref|some local refs could not be updated/.test(error.stderr) &&
    /exists; cannot create|could not be updated; try running/.test(error.stderr)
  );
}

async function keepGoneBranches(mirror: string, home: string): Promise<void> {
  const format = "--format=update refs/coppice/gone/%(objectname) %(objectname)";
  const { stdout } = await git(["for-each-ref", format, "refs/remotes/origin"], {
    home,
    gitDir: mirror,
  });
  const input = [...new Set(stdout.toString().split("\n"))].join("\n");
  await gitInMirror(mirror, ["update-ref", "--stdin"], { home, input });
}

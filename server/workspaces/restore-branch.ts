import { Conflict } from "@/server/domain/errors";
import { parseBranchName } from "@/server/domain/git-names";
import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { GitFailed, git } from "./git";
import { gitInMirror } from "./git-in-mirror";
import { mirrorPath } from "./layout";
import { requireCommits } from "./require-commits";

export interface RestoreBranch {
  home: string;
  repositoryId: RepositoryId;
  branch: string;
  sha: Sha;
}

/**
 * Makes a branch of ours in the mirror at a commit. One that stands there already is success; one that
 * stands elsewhere, here or at the origin, is never moved.
 * @throws Conflict with a name that is free; NotFound when the mirror lacks the commit; BadInput for an
 *   unusable name; GitFailed.
 */
export async function restoreBranch(input: RestoreBranch): Promise<void> {
  const { home, repositoryId, sha } = input;
  const branch = parseBranchName(input.branch);
  const mirror = mirrorPath(home, repositoryId);
  await requireCommits(home, repositoryId, [sha]);
  const before = await listBranches(home, mirror);
  if (before.ours.get(branch) === sha) return;
  if (isTaken(before, branch)) throw nameTaken(before, branch);
  try {
    const create = `create refs/heads/${branch} ${shaSchema.parse(sha)}\n`;
    await gitInMirror(mirror, ["update-ref", "--stdin"], { home, input: create });
  } catch (error) {
    const after = await listBranches(home, mirror);
    if (after.ours.get(branch) === sha) return;
    if (error instanceof GitFailed && isTaken(after, branch)) throw nameTaken(after, branch, error);
    throw error;
  }
}

interface Branches {
  ours: Map<string, string>;
  origins: Set<string>;
}

async function listBranches(home: string, mirror: string): Promise<Branches> {
  const args = ["for-each-ref", "--format=%(objectname) %(refname)"];
  const { stdout } = await git([...args, "refs/heads", "refs/remotes/origin"], {
    home,
    gitDir: mirror,
    maxOutputBytes: 256 * 1024 * 1024,
  });
  const branches: Branches = { ours: new Map(), origins: new Set() };
  for (const line of stdout.toString().split("\n")) {
    const [, sha, place, name] = /^(\S+) refs\/(heads|remotes\/origin)\/(.+)$/.exec(line) ?? [];
    if (!sha || !name) continue;
    if (place === "heads") branches.ours.set(name, sha);
    else branches.origins.add(name);
  }
  return branches;
}

/** git cannot hold `a` and `a/b` at once. */
function isTaken({ ours, origins }: Branches, branch: string): boolean {
  if (ours.has(branch) || origins.has(branch)) return true;
  return [...ours.keys()].some(
    (other) => other.startsWith(`${branch}/`) || branch.startsWith(`${other}/`),
  );
}

function nameTaken(branches: Branches, branch: string, cause?: unknown): Conflict {
  const proposal = propose(branches, branch);
  return new Conflict(`There is a branch “${branch}” already, or one that rules this name out.`, {
    fields: { branch: "The name is taken." },
    hint: proposal ? `“${proposal}” is free.` : "Choose another name.",
    facts: { branch, foundCommit: branches.ours.get(branch) ?? null, proposal },
    cause,
  });
}

function propose(branches: Branches, branch: string): string | null {
  const stems = [branch, branch.replaceAll("/", "-")];
  for (const stem of stems) {
    for (let number = 2; number < 100; number += 1) {
      const name = `${stem.slice(0, 190)}-${number}`;
      if (!isTaken(branches, name)) return name;
    }
  }
  return null;
}

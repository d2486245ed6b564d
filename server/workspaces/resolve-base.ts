import { readFile } from "node:fs/promises";
import path from "node:path";
import { type ErrorDetail, Unprocessable } from "@/server/domain/errors";
import { parseBaseRef, parseBranchName } from "@/server/domain/git-names";
import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { exists } from "./exists";
import { git } from "./git";
import { mirrorPath } from "./layout";
import { listOriginRefs } from "./list-origin-refs";

export interface ResolveBase {
  home: string;
  repositoryId: RepositoryId;
  /** A branch, tag or commit id; null means the default branch. */
  baseRef: string | null;
  defaultBranch: string;
  /** The branch to work on. If it exists already, the work starts at its head. */
  branch: string | null;
}

export interface Base {
  sha: Sha;
  /** The full ref that gave the commit, or the commit id itself. */
  ref: string;
}

class BaseNotFound extends Unprocessable {
  constructor(baseRef: string, detail: ErrorDetail) {
    super(`The repository has no branch, tag or commit “${baseRef}”.`, {
      fields: { baseRef: "It does not exist." },
      ...detail,
    });
  }
}

/**
 * Finds the commit that a run starts from, in the mirror.
 * @throws BaseNotFound with the names there are, BadInput for an unusable name, GitFailed.
 */
export async function resolveBase(input: ResolveBase): Promise<Base> {
  const wanted = parseBaseRef(input.baseRef ?? input.defaultBranch);
  const branch = input.branch === null ? null : parseBranchName(input.branch);
  const onBranch = branch === null ? [] : nameBranch(branch);
  const plain = await findPlainBranch(input, wanted, branch);
  if (plain) return plain;
  const found = await lookUp(input, [...onBranch, ...nameBase(wanted)]);
  const [ours, theirs] = onBranch.map((ref) => found.get(ref));
  if (ours && theirs && ours.sha !== theirs.sha)
    return (await isBehind(input, ours, theirs)) ? theirs : ours;
  const base =
    ours ??
    theirs ??
    nameBase(wanted)
      .map((ref) => found.get(ref))
      .find(Boolean);
  if (base) return base;
  throw new BaseNotFound(wanted, { hint: await describeNames(input) });
}

/**
 * The usual case without a process: the base is a branch of the origin, and the branch to work on is
 * new. Null for everything else.
 */
async function findPlainBranch(
  { home, repositoryId }: ResolveBase,
  wanted: string,
  branch: string | null,
): Promise<Base | null> {
  const mirror = mirrorPath(home, repositoryId);
  const { branches } = await listOriginRefs(home, mirror);
  const sha = branches.get(wanted);
  if (!sha || (branch !== null && branches.has(branch))) return null;
  if (branch !== null && (await hasRef(mirror, `refs/heads/${branch}`))) return null;
  return { sha: shaSchema.parse(sha), ref: `refs/remotes/origin/${wanted}` };
}

async function hasRef(mirror: string, ref: string): Promise<boolean> {
  if (await exists(path.join(mirror, ref))) return true;
  const packed = await readFile(path.join(mirror, "packed-refs"), "utf8").catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    },
  );
  return packed.includes(` ${ref}\n`);
}

/** Our own branch first: it holds the work of earlier runs. */
const nameBranch = (branch: string) => [`refs/heads/${branch}`, `refs/remotes/origin/${branch}`];

function nameBase(name: string): string[] {
  const refs = [`refs/remotes/origin/${name}`, `refs/heads/${name}`, `refs/tags/${name}`];
  return /^[0-9a-f]{7,64}$/.test(name) ? [...refs, name] : refs;
}

async function lookUp(input: ResolveBase, refs: string[]): Promise<Map<string, Base>> {
  const unique = [...new Set(refs)];
  const { stdout } = await git(["cat-file", "--batch-check=%(objecttype) %(objectname)"], {
    home: input.home,
    gitDir: mirrorPath(input.home, input.repositoryId),
    input: `${unique.map((ref) => `${ref}^{commit}`).join("\n")}\n`,
  });
  const found = new Map<string, Base>();
  for (const [index, line] of stdout.toString().split("\n").entries()) {
    const sha = /^commit ([0-9a-f]+)$/.exec(line)?.[1];
    const ref = unique[index];
    if (!sha || !ref) continue;
    found.set(ref, { sha: shaSchema.parse(sha), ref: ref.startsWith("refs/") ? ref : sha });
  }
  return found;
}

/** The origin's branch has all that ours has, and more: somebody pushed to it. */
async function isBehind(input: ResolveBase, ours: Base, theirs: Base): Promise<boolean> {
  const { exitCode } = await git(["merge-base", "--is-ancestor", ours.sha, theirs.sha], {
    home: input.home,
    gitDir: mirrorPath(input.home, input.repositoryId),
    okExitCodes: [0, 1],
  });
  return exitCode === 0;
}

async function describeNames(input: ResolveBase): Promise<string> {
  const args = [
    "for-each-ref",
    "--count=12",
    "--sort=-creatordate",
    "--format=%(refname:lstrip=2)",
  ];
  const { stdout } = await git([...args, "refs/remotes/origin", "refs/tags"], {
    home: input.home,
    gitDir: mirrorPath(input.home, input.repositoryId),
  });
  const names = stdout.toString().split("\n").filter(Boolean);
  const short = names.map((name) => name.replace(/^origin\//, ""));
  return short.length > 0 ? `There are: ${short.join(", ")}.` : "It has no branch yet.";
}

import { BadInput } from "@/server/domain/errors";
import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { git } from "./git";
import { gitInMirror } from "./git-in-mirror";
import { mirrorPath } from "./layout";
import { explainOriginFailure, reachOrigin } from "./reach-origin";

export interface FetchKeptRef {
  home: string;
  repositoryId: RepositoryId;
  origin: string;
  /** A ref below `refs/coppice/`, as another host has pushed it. */
  ref: string;
  signal?: AbortSignal;
}

/**
 * Fetches what another host has kept at the origin into this host's mirror, under the same name.
 * @throws BadInput for a ref that is not ours, OriginUnreachable, GitFailed.
 */
export async function fetchKeptRef(input: FetchKeptRef): Promise<void> {
  const { home, repositoryId, ref, signal } = input;
  if (!/^refs\/coppice\/[A-Za-z0-9][A-Za-z0-9._/+@=#-]*$/.test(ref) || ref.includes("..")) {
    throw new BadInput("This is no ref of Coppice's own.", { facts: { ref } });
  }
  const reach = await reachOrigin(input.origin);
  const quiet = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"];
  const args = ["fetch", ...quiet, "--no-recurse-submodules", ...reach.flags, "--", reach.address];
  try {
    await gitInMirror(mirrorPath(home, repositoryId), [...args, `+${ref}:${ref}`], {
      home,
      signal,
      timeoutSeconds: 600,
      ...reach.options,
    });
  } catch (error) {
    throw explainOriginFailure(error, reach.address);
  }
}

/** Which of these commits this host's mirror does not have. */
export async function findMissingCommits(
  { home, repositoryId }: Pick<FetchKeptRef, "home" | "repositoryId">,
  shas: Sha[],
): Promise<Sha[]> {
  if (shas.length === 0) return [];
  const { stdout } = await git(["cat-file", "--batch-check=%(objecttype)"], {
    home,
    gitDir: mirrorPath(home, repositoryId),
    input: shas.map((sha) => `${sha}^{commit}\n`).join(""),
  });
  const lines = stdout.toString().split("\n");
  return shas.filter((_sha, index) => lines[index] !== "commit").map((sha) => shaSchema.parse(sha));
}

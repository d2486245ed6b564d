import type { RepositoryId, RunId } from "@/server/domain/ids";
import { git } from "./git";
import { gitInMirror } from "./git-in-mirror";
import { keepPrefix, mirrorPath, runHeadRef, snapshotPrefix } from "./layout";
import { explainOriginFailure, reachOrigin } from "./reach-origin";

export interface PushKeptRefs {
  home: string;
  repositoryId: RepositoryId;
  origin: string;
  runId: RunId;
  attemptNumber: number;
  signal?: AbortSignal;
}

/**
 * Pushes what holds an attempt's work to the origin, under the same names below `refs/coppice`: the
 * run's head, its snapshots and its keep refs. No branch of the origin is touched. Done again it pushes
 * nothing new.
 * @returns the refs that the origin has now; none when the attempt left no work.
 * @throws OriginUnreachable when the origin does not take them, GitFailed.
 */
export async function pushKeptRefs(input: PushKeptRefs): Promise<{ name: string; sha: string }[]> {
  const { home, repositoryId, runId, attemptNumber, signal } = input;
  const mirror = mirrorPath(home, repositoryId);
  const prefixes = [runHeadRef(runId), snapshotPrefix(runId), keepPrefix(runId, attemptNumber)];
  const { stdout } = await git(["for-each-ref", "--format=%(refname) %(objectname)", ...prefixes], {
    home,
    gitDir: mirror,
    signal,
  });
  const refs = stdout
    .toString()
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [name = "", sha = ""] = line.split(" ");
      return { name, sha };
    });
  if (refs.length === 0) return [];
  const reach = await reachOrigin(input.origin);
  const isLocal = reach.origin.kind === "local";
  const flags = isLocal
    ? ["--receive-pack=git -c safe.directory=* -c core.hooksPath=/dev/null receive-pack"]
    : [];
  const specs = refs.map(({ name, sha }) => `+${sha}:${name}`);
  try {
    await gitInMirror(
      mirror,
      ["push", "--quiet", "--no-verify", ...flags, "--", reach.address, ...specs],
      {
        home,
        signal,
        timeoutSeconds: 600,
        ...reach.options,
      },
    );
  } catch (error) {
    throw explainOriginFailure(error, reach.address);
  }
  return refs;
}

import { crashAt } from "@/server/domain/crash-points";
import { type Sha, shaSchema } from "@/server/domain/ids";
import type { CaptureWorkspace } from "./capture-workspace";
import { git } from "./git";
import { mirrorPath, snapshotPrefix } from "./layout";
import { writeNewRef } from "./write-new-ref";

const defaultAuthor = { name: "Coppice", email: "snapshot@coppice.invalid" };

/**
 * Makes the snapshot's commit and the next ref `refs/coppice/snapshots/<run>/<n>`. The newest
 * snapshot is given back when it has the same files and parent: an earlier call was cut off after it.
 */
export async function saveSnapshot(
  input: CaptureWorkspace,
  tree: string,
  known: KnownSnapshot[],
): Promise<{ sha: Sha; ref: string }> {
  const mirror = mirrorPath(input.home, input.repositoryId);
  const newest = known.at(-1);
  if (newest && newest.tree === tree && newest.parent === input.parent) {
    return { sha: newest.sha, ref: newest.ref };
  }
  await crashAt("mid:snapshot");
  const sha = await commit(input, mirror, tree);
  const ref = `${snapshotPrefix(input.runId)}/${(newest?.number ?? 0) + 1}`;
  await writeNewRef({ home: input.home, mirror, ref, sha });
  await crashAt("after:snapshot");
  return { sha, ref };
}

export interface KnownSnapshot {
  ref: string;
  sha: Sha;
  tree: string | undefined;
  parent: string | undefined;
  number: number;
}

/** The snapshots of the run so far, by number. */
export async function listSnapshots({
  home,
  repositoryId,
  runId,
}: CaptureWorkspace): Promise<KnownSnapshot[]> {
  const format = "--format=%(refname) %(objectname) %(tree) %(parent)";
  const { stdout } = await git(["for-each-ref", format, snapshotPrefix(runId)], {
    home,
    gitDir: mirrorPath(home, repositoryId),
  });
  const lines = stdout.toString().split("\n").filter(Boolean);
  const snapshots = lines.map((line) => {
    const [ref = "", sha, tree, parent] = line.split(" ");
    return { ref, sha: shaSchema.parse(sha), tree, parent, number: Number(ref.split("/").at(-1)) };
  });
  return snapshots.sort((one, other) => one.number - other.number);
}

async function commit(input: CaptureWorkspace, mirror: string, tree: string): Promise<Sha> {
  const { home, parent, message, author = defaultAuthor, at = new Date(), signal } = input;
  const date = `${Math.floor(at.getTime() / 1000)} +0000`;
  const { stdout } = await git(["commit-tree", tree, "-p", parent, "-F", "-"], {
    home,
    gitDir: mirror,
    input: message,
    env: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: defaultAuthor.name,
      GIT_COMMITTER_EMAIL: defaultAuthor.email,
      GIT_COMMITTER_DATE: date,
    },
    signal,
  });
  return shaSchema.parse(stdout.toString().trim());
}

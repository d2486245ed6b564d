import type { RepositoryId } from "@/server/domain/ids";
import { gitInMirror } from "./git-in-mirror";
import { holdMirrorLock } from "./hold-mirror-lock";
import { mirrorPath } from "./layout";

/**
 * Packs a mirror's refs and objects, so that it stays fast after thousands of runs. Every object is
 * kept, also those that no ref names: workspaces borrow them. Safe while runs go on.
 * @throws Unavailable when the mirror's lock is held for long, GitFailed.
 */
export async function maintainMirror(input: {
  home: string;
  repositoryId: RepositoryId;
  signal?: AbortSignal;
}): Promise<void> {
  const { home, signal } = input;
  const mirror = mirrorPath(home, input.repositoryId);
  const options = { home, signal, timeoutSeconds: 3600 };
  await holdMirrorLock(mirror, async () => {
    await gitInMirror(mirror, ["pack-refs", "--all"], options);
    await gitInMirror(mirror, ["repack", "-a", "-d", "-q", "--keep-unreachable"], options);
  });
}

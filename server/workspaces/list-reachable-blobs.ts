import type { RepositoryId } from "@/server/domain/ids";
import { git } from "./git";
import { mirrorPath } from "./layout";

/**
 * Which of these blobs some ref of the mirror leads to.
 * @throws GitFailed when the mirror cannot be walked.
 */
export async function listReachableBlobs(input: {
  home: string;
  repositoryId: RepositoryId;
  blobs: Iterable<string>;
}): Promise<Set<string>> {
  const { home, repositoryId } = input;
  const wanted = new Set(input.blobs);
  const found = new Set<string>();
  if (wanted.size === 0) return found;
  let rest = "";
  await git(["rev-list", "--objects", "--no-object-names", "--all"], {
    home,
    gitDir: mirrorPath(home, repositoryId),
    timeoutSeconds: 600,
    onStdout: (chunk) => {
      const lines = (rest + chunk.toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (wanted.has(line)) found.add(line);
      return found.size < wanted.size;
    },
  });
  return found;
}

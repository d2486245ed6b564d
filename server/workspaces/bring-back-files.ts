import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { type RepositoryId, type Sha, shaSchema } from "@/server/domain/ids";
import { git } from "./git";
import { keptPath } from "./layout";

/**
 * Puts the files that `keepFiles` stored into a workspace again, as they were. One that is there is
 * overwritten: the kept one is the newer of a file that was too large for the snapshot.
 * @throws GitFailed
 */
export async function bringBackFiles(input: {
  home: string;
  repositoryId: RepositoryId;
  commit: Sha;
  workspace: string;
}): Promise<void> {
  const { home, workspace } = input;
  const kept = keptPath(home, input.repositoryId);
  const indexFile = path.join(kept, `bringing-back-${process.pid}-${randomUUID()}`);
  const options = { home, gitDir: kept, indexFile, workTree: workspace, cwd: workspace };
  try {
    await git(["read-tree", shaSchema.parse(input.commit)], options);
    const args = ["checkout-index", "--all", "--force", "--quiet"];
    await git(args, { ...options, timeoutSeconds: 1800 });
  } finally {
    await rm(indexFile, { force: true });
    await rm(`${indexFile}.lock`, { force: true });
  }
}

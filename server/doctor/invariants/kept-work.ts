import { eq } from "drizzle-orm";
import { repositories, runs } from "@/db/schema";
import { listRecordedCommits } from "@/server/differences/list-recorded-commits";
import { groupBy } from "@/server/domain/group-by";
import type { RunId } from "@/server/domain/ids";
import { checkConnectivity } from "@/server/workspaces/check-connectivity";
import { exists } from "@/server/workspaces/exists";
import { inspectMirror } from "@/server/workspaces/inspect-mirror";
import { listReachableBlobs } from "@/server/workspaces/list-reachable-blobs";
import { hashTree } from "../hash-tree";
import { type BrokenInvariant, broken, type Judged, type JudgedHost } from "./broken-invariant";

/** What lay in a run's workspace at some moment, as `hashTree` tells it. */
export interface SeenTree {
  runId: RunId;
  files: Record<string, string>;
}

/**
 * I9: every commit that a row names is in the mirror, under a ref, and all that the refs lead to is
 * there. A mirror that cannot be read is a breach by itself.
 */
export async function checkMirrors({ db, hosts }: Judged): Promise<BrokenInvariant[]> {
  const names = new Map((await db.select().from(repositories)).map(({ id, name }) => [id, name]));
  const found: BrokenInvariant[] = [];
  for (const { home, workerId } of hosts) {
    const recorded = await listRecordedCommits(db, workerId);
    for (const [repositoryId, commits] of groupBy(recorded, (commit) => commit.repositoryId)) {
      const shas = commits.map(({ sha }) => sha);
      const mirror = await inspectMirror({ home, repositoryId, recorded: shas });
      const subject = `mirror of ${names.get(repositoryId)}`;
      if (!mirror.isThere) found.push(broken("I9", subject, "it is missing"));
      if (mirror.problem) found.push(broken("I9", subject, mirror.problem));
      for (const { sha, runNumber, as } of commits) {
        const what = `${sha}, recorded as ${as},`;
        if (mirror.missing.includes(sha)) {
          found.push(broken("I9", `#${runNumber}`, `${what} is not in the mirror`));
        }
        if (mirror.withoutRef.includes(sha)) {
          found.push(broken("I9", `#${runNumber}`, `${what} is under no ref`));
        }
      }
      const damage = mirror.isThere ? await checkConnectivity({ home, repositoryId }) : null;
      if (damage) found.push(broken("I9", subject, `git fsck says: ${damage}`));
    }
  }
  return found;
}

/** I1: every file that was seen in a workspace lies there still, or in a commit that a ref leads to. */
export async function checkTrees(
  { db, hosts }: Judged,
  trees: SeenTree[],
): Promise<BrokenInvariant[]> {
  const found: BrokenInvariant[] = [];
  for (const { runId, files } of trees) {
    const [run] = await db.select().from(runs).where(eq(runs.id, runId));
    const host = hosts.find(({ workerId }) => workerId === run?.workerId);
    if (!run || !host) {
      found.push(broken("I1", runId, "the run or its host is gone, and its files with it"));
      continue;
    }
    const lost = await findLost(host, run, files);
    for (const file of lost) {
      found.push(broken("I1", `#${run.number}`, `${file} is neither in the workspace nor in git`));
    }
  }
  return found;
}

async function findLost(
  { home }: JudgedHost,
  { workspacePath, repositoryId }: typeof runs.$inferSelect,
  files: Record<string, string>,
): Promise<string[]> {
  const isThere = workspacePath !== null && (await exists(workspacePath));
  const present = isThere ? await hashTree(workspacePath) : {};
  const gone = Object.entries(files).filter(([file, blob]) => present[file] !== blob);
  const blobs = gone.map(([, blob]) => blob);
  const kept = await listReachableBlobs({ home, repositoryId, blobs });
  return gone.filter(([, blob]) => !kept.has(blob)).map(([file]) => file);
}

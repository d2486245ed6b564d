import type { RepositoryId } from "@/server/domain/ids";
import { findUnenteredWork, recordKeptWork } from "@/server/ledger/record-kept-work";
import { findKeptCommits, listKeptRefs, nestedFolder } from "@/server/workspaces/find-kept-commits";
import type { MirrorSurvey } from "@/server/workspaces/survey-mirror";
import type { FollowWork } from "./follow-work";

/**
 * Enters into the ledger what only keep refs and snapshots of the mirror know: other branches, stashes,
 * what was reset away, and what a killed worker had captured but not recorded.
 */
export async function enterKeptWork(
  { db, home, workerId, redact, signal }: FollowWork,
  repositoryId: RepositoryId,
  survey: MirrorSurvey,
): Promise<void> {
  const all = listKeptRefs(survey);
  const refs = leaveOutSeenNested(all, await findUnenteredWork(db, repositoryId, all));
  const commits = await findKeptCommits({ home, repositoryId, survey, refs, signal });
  const fresh = await findUnenteredWork(db, repositoryId, commits);
  await recordKeptWork(db, {
    repositoryId,
    workerId,
    work: await Promise.all(
      fresh.map(async ({ runId, sha, ref, isSnapshot, parents, author, at, subject }) => ({
        runId,
        sha,
        ref,
        origin: isSnapshot ? "snapshot" : parents > 1 ? "merge" : "agent",
        title: await redact(subject, runId),
        author: await redact(author, runId),
        at,
      })),
    ),
  });
}

type KeptRef = ReturnType<typeof listKeptRefs>[number];

/** Of a repository inside a workspace only the newest heads are entered, once: the rest stays out. */
function leaveOutSeenNested(all: KeptRef[], unentered: KeptRef[]): KeptRef[] {
  const left = countByNested(unentered);
  const total = countByNested(all);
  return unentered.filter((ref) => {
    const folder = nestedFolder(ref);
    return folder === null || left.get(folder) === total.get(folder);
  });
}

function countByNested(refs: KeptRef[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const ref of refs) {
    const folder = nestedFolder(ref);
    if (folder) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
}

import { listRecordedCommits } from "@/server/differences/list-recorded-commits";
import type { Difference } from "@/server/domain/difference";
import { Conflict } from "@/server/domain/errors";
import { repositoryIdSchema } from "@/server/domain/ids";
import { inspectMirror } from "@/server/workspaces/inspect-mirror";
import { mirrorPath } from "@/server/workspaces/layout";
import { writeNewRef } from "@/server/workspaces/write-new-ref";
import { keepFound } from "../compare-mirrors";
import type { DoctorHost } from "../host-facts";

/** Gives recorded commits of a run that no ref leads to a keep ref each. Only adds. */
export async function keepCommits(
  { db, home, worker }: DoctorHost,
  { subject }: Difference,
): Promise<string[]> {
  const repositoryId = repositoryIdSchema.parse(subject.repositoryId);
  const recorded = (await listRecordedCommits(db, worker.id)).filter(
    ({ runId }) => runId === subject.runId,
  );
  const shas = recorded.map(({ sha }) => sha);
  const { withoutRef } = await inspectMirror({ home, repositoryId, recorded: shas });
  const loose = recorded.filter(({ sha }) => withoutRef.includes(sha));
  if (loose.length === 0) throw new Conflict("The commits are kept; there is nothing to fix.");
  const mirror = mirrorPath(home, repositoryId);
  for (const commit of loose) {
    await writeNewRef({ home, mirror, ref: `${keepFound(commit)}/${commit.sha}`, sha: commit.sha });
  }
  return loose.map((commit) => `Made the ref ${keepFound(commit)}/${commit.sha}.`);
}

import { eq } from "drizzle-orm";
import { repositories } from "@/db/schema";
import { listRecordedCommits } from "@/server/differences/list-recorded-commits";
import type { Difference } from "@/server/domain/difference";
import { Conflict, DomainError, Unprocessable } from "@/server/domain/errors";
import {
  type RepositoryId,
  repositoryIdSchema,
  type Sha,
  workspaceIdSchema,
} from "@/server/domain/ids";
import { ensureMirror } from "@/server/workspaces/ensure-mirror";
import { fetchFromClone } from "@/server/workspaces/fetch-from-clone";
import { inspectGitState } from "@/server/workspaces/inspect-git-state";
import { findMissingCommits } from "@/server/workspaces/inspect-mirror";
import { mirrorPath, workspacePath } from "@/server/workspaces/layout";
import { writeNewRef } from "@/server/workspaces/write-new-ref";
import { keepFound } from "../compare-mirrors";
import type { DoctorHost } from "../host-facts";

/**
 * Looks for recorded commits that the mirror lacks, at the origin and in the run's workspace, and keeps
 * what it finds. Only adds to the mirror.
 * @throws Unprocessable when none of them is found.
 */
export async function lookForCommits(host: DoctorHost, { subject }: Difference): Promise<string[]> {
  const { db, home, worker } = host;
  const repositoryId = repositoryIdSchema.parse(subject.repositoryId);
  const mirror = mirrorPath(home, repositoryId);
  const recorded = (await listRecordedCommits(db, worker.id)).filter(
    ({ runId }) => runId === subject.runId,
  );
  const shas = recorded.map(({ sha }) => sha);
  const missing = await findMissingCommits(home, mirror, shas);
  if (missing.size === 0) throw new Conflict("The commits are there; there is nothing to fix.");
  const tried = [await askOrigin(host, repositoryId)];
  const left = await findMissingCommits(home, mirror, [...missing]);
  const workspaceId = recorded[0]?.workspaceId;
  if (left.size > 0 && workspaceId) {
    tried.push(await askWorkspace(host, repositoryId, workspaceId, [...left]));
  }
  const lost = await findMissingCommits(home, mirror, [...missing]);
  const found = recorded.filter(({ sha }) => missing.has(sha) && !lost.has(sha));
  for (const commit of found) {
    await writeNewRef({ home, mirror, ref: `${keepFound(commit)}/${commit.sha}`, sha: commit.sha });
  }
  if (found.length === 0) {
    throw new Unprocessable(`None of the ${missing.size} commits was found.`, {
      hint: `${tried.filter(Boolean).join(" ")} Bring the mirror back from a backup.`.trim(),
      facts: { missing: [...missing] },
    });
  }
  return [
    ...found.map(({ sha }) => `Found ${sha} and gave it a keep ref.`),
    ...[...lost].map((sha) => `Did not find ${sha}.`),
  ];
}

/** Answers why it was of no use, in words; null when it answered. */
async function askOrigin({ db, home }: DoctorHost, id: RepositoryId): Promise<string | null> {
  const [repository] = await db.select().from(repositories).where(eq(repositories.id, id));
  if (!repository) return "The repository is no longer registered.";
  return ensureMirror({ home, repositoryId: id, origin: repository.origin }).then(
    () => null,
    explain,
  );
}

async function askWorkspace(
  { home, confine }: DoctorHost,
  repositoryId: RepositoryId,
  workspaceId: string,
  shas: Sha[],
): Promise<string | null> {
  const mirror = mirrorPath(home, repositoryId);
  const workspace = workspacePath(home, repositoryId, workspaceIdSchema.parse(workspaceId));
  const state = await inspectGitState(workspace, mirror);
  if (state.kind !== "usable") return `Its workspace cannot be read: ${state.why}.`;
  return fetchFromClone({ home, mirror, workspace, confine }, shas).catch(explain);
}

function explain(error: unknown): string {
  if (error instanceof DomainError) return error.message;
  throw error;
}

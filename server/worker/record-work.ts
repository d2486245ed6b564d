import { deflateSync } from "node:zlib";
import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { commits, snapshots, workspaces } from "@/db/schema";
import type { Redactor } from "@/server/agents/redact";
import { recordLeftovers } from "@/server/ledger/record-leftovers";
import type { EventFact } from "@/server/runs/append-event";
import type { CollectedWork } from "./collect-work";
import type { Hold } from "./context";
import type { Work } from "./load-work";

/** Records what an attempt left, all of it in the mirror by now: commits, snapshot, what is in neither. */
export async function recordWork(
  redactor: Redactor,
  tx: Transaction,
  hold: Hold,
  work: Work,
  collected: CollectedWork,
): Promise<void> {
  const { snapshot, headCommit } = collected;
  await insertCommits(tx, redactor, work, collected);
  if (snapshot) {
    await tx
      .insert(snapshots)
      .values({
        runId: hold.runId,
        number: hold.attemptNumber,
        sha: snapshot.sha,
        ref: snapshot.ref,
        leftOut: redactor.redactData(snapshot.leftOut),
        at: new Date(),
      })
      .onConflictDoNothing();
  }
  const { leftovers } = collected;
  await recordLeftovers(tx, { runId: hold.runId, leftovers, now: new Date() });
  await tx.update(workspaces).set({ headCommit }).where(eq(workspaces.id, work.workspace.id));
}

/** What a person is told of the attempt's work. */
export function describeWork({
  snapshot,
  commits: found,
  headCommit,
  notices,
}: CollectedWork): EventFact[] {
  const facts: EventFact[] = [];
  if (snapshot) {
    const { sha, ref, leftOut } = snapshot;
    facts.push({ kind: "snapshot_made", data: { sha, ref, leftOut } });
  }
  if (found.length + notices.length > 0) {
    const data = { commits: found.length, headCommit, notices };
    facts.push({ kind: "commits_recorded", data });
  }
  return facts;
}

async function insertCommits(
  tx: Transaction,
  redactor: Redactor,
  work: Work,
  { commits: found, snapshot }: CollectedWork,
): Promise<void> {
  // A later attempt counts from the same base, so the list is laid anew.
  if (work.attempt.number > 1) await tx.delete(commits).where(eq(commits.runId, work.run.id));
  if (found.length === 0) return;
  await tx.insert(commits).values(
    found.map((commit, position) => ({
      runId: work.run.id,
      sha: commit.sha,
      position,
      parents: commit.parents,
      authorName: redactor.redactText(commit.authorName),
      authorEmail: redactor.redactText(commit.authorEmail),
      message: redactor.redactText(commit.message),
      at: commit.at,
      additions: commit.additions,
      deletions: commit.deletions,
      files: commit.files,
      origin: originOf(commit, snapshot?.sha ?? null),
      patch: commit.patch === null ? null : deflateSync(redactor.redactText(commit.patch)),
      isPatchCut: commit.isPatchCut,
    })),
  );
}

function originOf(
  commit: { sha: string; parents: string[]; message: string },
  snapshot: string | null,
) {
  const isOurs = commit.sha === snapshot || commit.message.includes("\nCoppice-Attempt: ");
  if (isOurs) return "snapshot" as const;
  return commit.parents.length > 1 ? ("merge" as const) : ("agent" as const);
}

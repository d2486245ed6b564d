import { and, desc, inArray, isNotNull } from "drizzle-orm";
import { originCopies } from "@/db/schema";
import type { Sha } from "@/server/domain/ids";
import { ensureMirror } from "@/server/workspaces/ensure-mirror";
import { fetchKeptRef, findMissingCommits } from "@/server/workspaces/fetch-kept-ref";
import { runHeadRef } from "@/server/workspaces/layout";
import { AttemptFailed, failingAs } from "./attempt-failed";
import { awaitDatabase } from "./await-database";
import type { Hold, WorkerContext } from "./context";
import type { Work } from "./load-work";

/**
 * Brings the commits that a run goes on from into this host's mirror, when it began on another host:
 * from the origin's branches, or from what that host has kept at the origin.
 * @throws AttemptFailed (`repository_failed`) when nobody but the other host has them; HoldEnded.
 */
export async function bringWork(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  wanted: (Sha | null)[],
): Promise<void> {
  const { home } = context;
  const { id: repositoryId, origin } = work.repository;
  const { signal } = hold;
  const shas = wanted.filter((sha) => sha !== null);
  await failingAs("repository_failed", async () => {
    await ensureMirror({ home, repositoryId, origin, signal });
    const missing = await findMissingCommits({ home, repositoryId }, shas);
    for (const runId of await awaitDatabase(context, hold, () => listKeepers(context, missing))) {
      await fetchKeptRef({ home, repositoryId, origin, ref: runHeadRef(runId), signal });
    }
    const [lost] = await findMissingCommits({ home, repositoryId }, missing);
    if (!lost) return;
    throw new AttemptFailed(
      "repository_failed",
      `The commit ${lost} that this run goes on from is not on this host, and not at the origin. It lies on the host where the session worked before: bring that one back, or start a new session.`,
    );
  });
}

/** The runs whose head was pushed, of those that are missing here. */
async function listKeepers({ db }: WorkerContext, missing: Sha[]) {
  if (missing.length === 0) return [];
  const found = await db
    .selectDistinct({ runId: originCopies.runId })
    .from(originCopies)
    .where(and(inArray(originCopies.headCommit, missing), isNotNull(originCopies.pushedAt)))
    .orderBy(desc(originCopies.runId));
  return found.map(({ runId }) => runId);
}

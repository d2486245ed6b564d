import { eq } from "drizzle-orm";
import { attempts, commits, runs, snapshots, workEntries, workLooks } from "@/db/schema";
import type { TestDatabase } from "@/db/testing";
import { insertRepository, insertRun, insertSession, insertWorker } from "@/db/testing-rows";
import type { Sha } from "@/server/domain/ids";
import { captureWorkspace } from "@/server/workspaces/capture-workspace";
import { collectCommits } from "@/server/workspaces/collect-commits";
import { ensureMirror } from "@/server/workspaces/ensure-mirror";
import { mirrorPath } from "@/server/workspaces/layout";
import { listCommits } from "@/server/workspaces/list-commits";
import {
  commitAll,
  makeTestHome,
  openTestWorkspace,
  removeTestHome,
  runGit,
  type TestHome,
  writeTree,
} from "@/server/workspaces/testing";
import { updateRunBranch } from "@/server/workspaces/update-run-branch";
import { followWork } from "./follow-work";

/** A worker's home with a mirror, its database, and runs whose work is recorded as a worker does it. */
export async function openWorkTrial({ db }: TestDatabase) {
  const at: TestHome = makeTestHome();
  const worker = await insertWorker(db, { home: at.home });
  const repository = await insertRepository(db, { origin: at.origin, defaultBranch: "main" });
  await ensureMirror({ home: at.home, repositoryId: repository.id, origin: at.origin });
  const log: string[] = [];
  const place = { db, home: at.home, workerId: worker.id };
  const mirror = mirrorPath(at.home, repository.id);

  /** A run that ended with these commits, each one file with its text. */
  const makeRun = async (changes: Record<string, string>[], branch?: string) => {
    const inSession = await insertSession(db, {
      repositoryId: repository.id,
      ...(branch ? { session: { branch } } : {}),
    });
    const made = await insertRun(db, {
      in: inSession,
      status: "running",
      workerId: worker.id,
      baseCommit: at.base,
    });
    const opened = await openTestWorkspace(at, {
      repositoryId: repository.id,
      workspaceId: made.workspace.id,
      runId: made.run.id,
      branch: made.session.branch,
    });
    const shas = changes.map((files, index) => {
      writeTree(opened.folder, files);
      return commitAll(opened.folder, `Change ${index + 1} of run ${made.run.number}`);
    });
    return { ...made, ...opened, shas };
  };
  type Trial = Awaited<ReturnType<typeof makeRun>>;

  /** Brings what lies in the workspace into mirror and database, as the end of an attempt does. */
  const record = async ({ run, input, session, folder, capture }: Trial) => {
    const collected = await collectCommits(input);
    const captured = await captureWorkspace({
      ...capture,
      parent: collected.headCommit ?? at.base,
    });
    const headCommit = captured.sha ?? collected.headCommit ?? at.base;
    await updateRunBranch({
      home: at.home,
      repositoryId: repository.id,
      runId: run.id,
      branch: session.branch,
      headCommit,
      expected: null,
    });
    const listed = await listCommits({
      home: at.home,
      repositoryId: repository.id,
      baseCommit: at.base,
      headCommit,
      maxPatchBytes: 1000,
    });
    await db.transaction(async (tx) => {
      await tx.delete(commits).where(eq(commits.runId, run.id));
      for (const [position, facts] of listed.entries()) {
        const origin = facts.sha === captured.sha ? ("snapshot" as const) : ("agent" as const);
        await tx.insert(commits).values({
          ...facts,
          runId: run.id,
          position,
          origin,
          patch: null,
        });
      }
      if (captured.sha && captured.ref) {
        const { sha, ref, leftOut } = captured;
        await tx
          .insert(snapshots)
          .values({ runId: run.id, number: 1, sha, ref, leftOut, at: new Date() });
      }
      await tx
        .update(attempts)
        .set({ endedAt: new Date(), headCommit })
        .where(eq(attempts.runId, run.id));
      await tx
        .update(runs)
        .set({ status: "succeeded", endedAt: new Date(), endReason: "completed", headCommit })
        .where(eq(runs.id, run.id));
    });
    return { headCommit, folder };
  };

  return {
    at,
    db,
    worker,
    repository,
    mirror,
    log,
    place,
    makeRun,
    record,
    /** A run with these commits, recorded. */
    ranWith: async (...changes: Record<string, string>[]) => {
      const made = await makeRun(changes);
      await record(made);
      return made;
    },
    look: (more: { isForced?: boolean; now?: Date } = {}) =>
      followWork({
        ...place,
        redact: (text) => text.replaceAll("hunter2", "*******"),
        log: (line) => log.push(line),
        isForced: true,
        ...more,
      }),
    entryOf: async (sha: Sha | undefined) => {
      const [entry] = await db
        .select()
        .from(workEntries)
        .where(eq(workEntries.sha, sha ?? ("" as Sha)));
      if (!entry) throw new Error(`the ledger has no entry of ${sha}`);
      return entry;
    },
    whereIs: async (sha: Sha | undefined) => {
      const [entry] = await db
        .select()
        .from(workEntries)
        .where(eq(workEntries.sha, sha ?? ("" as Sha)));
      return entry?.whereabouts ?? null;
    },
    entries: () =>
      db
        .select()
        .from(workEntries)
        .where(eq(workEntries.repositoryId, repository.id))
        .orderBy(workEntries.id),
    lookRow: async () => {
      const rows = await db.select().from(workLooks);
      return rows.find(({ repositoryId }) => repositoryId === repository.id);
    },
    origin: (...args: string[]) => runGit(at.origin, ...args),
    /** What a person does who takes a branch of the mirror into the origin. */
    push: (branch: string, as = branch) =>
      runGit(mirror, "push", "-q", "-f", at.origin, `refs/heads/${branch}:refs/heads/${as}`),
    end: () => removeTestHome(at),
  };
}

export type WorkTrial = Awaited<ReturnType<typeof openWorkTrial>>;

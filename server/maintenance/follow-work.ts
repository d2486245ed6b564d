import type { Database } from "@/db/client";
import { describeError } from "@/server/domain/errors";
import type { RepositoryId, RunId, WorkerId } from "@/server/domain/ids";
import { type DueLook, findDueLooks } from "@/server/ledger/find-due-looks";
import { listOpenWork } from "@/server/ledger/list-open-work";
import { recordFoundWork } from "@/server/ledger/record-found-work";
import { askForMergedWork, recordFailedLook, recordLook } from "@/server/ledger/record-look";
import { locateCommits } from "@/server/workspaces/locate-commits";
import { type MirrorSurvey, surveyMirror } from "@/server/workspaces/survey-mirror";
import { enterKeptWork } from "./enter-kept-work";
import { findWork } from "./find-work";

export interface FollowWork {
  db: Database;
  home: string;
  workerId: WorkerId;
  /** Takes secrets out of what is stored of a run. */
  redact: (text: string, runId: RunId) => string | Promise<string>;
  log: (message: string) => void;
  now?: Date;
  /** Ends a look between two steps; it is done again later. */
  signal?: AbortSignal;
  /** Looks at once at all that is not settled, whenever it was looked at last. */
  isForced?: boolean;
  /** Looks at one repository alone. */
  only?: RepositoryId;
}

const batchSize = 1000;

/**
 * Looks where the work of this host's runs is now, repository by repository, and writes it down. Each
 * batch is one commit and true in itself, so a worker killed in between loses nothing; a look that
 * fails changes no entry and is noted as such.
 */
export async function followWork(context: FollowWork): Promise<void> {
  const { db, workerId, now = new Date(), isForced, only, signal } = context;
  for (const due of await findDueLooks(db, { workerId, now, isForced })) {
    if (signal?.aborted) return;
    if (only && due.repositoryId !== only) continue;
    try {
      await lookAtRepository(context, due, now);
    } catch (error) {
      if (signal?.aborted) return;
      const problem = describeError(error);
      context.log(`looking for the work of ${due.name}: ${problem}`);
      const { repositoryId } = due;
      await recordFailedLook(db, { repositoryId, workerId, now, problem });
    }
  }
}

async function lookAtRepository(context: FollowWork, due: DueLook, now: Date): Promise<void> {
  const { db, home, workerId, signal } = context;
  const { repositoryId } = due;
  const survey = await surveyMirror({ home, signal, ...due });
  await enterKeptWork(context, repositoryId, survey);
  const isRewritten = await wasRewritten(home, due, survey);
  if (isRewritten) await askForMergedWork(db, { repositoryId, workerId });
  const comparedTo = isRewritten || due.isFirst ? null : due.defaultHead;
  for (let afterId = 0; ; ) {
    const open = await listOpenWork(db, { repositoryId, workerId, afterId, limit: batchSize });
    // While the origin cannot be listed, what it had is not said to be off it.
    const seen = survey.problem ? open.filter(({ wasPushed }) => !wasPushed) : open;
    const found = await findWork({ home, repositoryId, survey, comparedTo, open: seen, signal });
    const moved = new Set(await recordFoundWork(db, { found, now }));
    const missing = found.filter((one) => one.whereabouts === "missing" && moved.has(one.id));
    if (missing.length > 0) {
      context.log(`${due.name}: ${missing.length} recorded commits are missing from the mirror`);
    }
    const last = open.at(-1);
    if (!last || open.length < batchSize) break;
    afterId = last.id;
  }
  const { defaultHead, staleRefs, problem } = survey;
  await recordLook(db, { repositoryId, workerId, now, defaultHead, staleRefs, problem });
}

/** The default branch no longer holds what was its head: it was force-pushed, renamed or deleted. */
async function wasRewritten(home: string, due: DueLook, survey: MirrorSurvey): Promise<boolean> {
  const { repositoryId, defaultHead } = due;
  if (defaultHead === null || defaultHead === survey.defaultHead) return false;
  const located = await locateCommits({ home, repositoryId, shas: [defaultHead], survey });
  return located.get(defaultHead)?.isInDefaultBranch !== true;
}

import { and, count, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { checkRounds } from "@/db/schema";
import {
  type ChecksDecision,
  chooseChecks,
  composeMendMessage,
  decideAfterChecks,
  describeCommandEnd,
  failingTailBytes,
} from "@/server/domain/checking";
import { describeError } from "@/server/domain/errors";
import { isCommandOver } from "@/server/domain/workspace-commands";
import { readRepositorySettings } from "@/server/repositories/get-repository-settings";
import { findLeftFiles } from "@/server/workspaces/find-left-files";
import { awaitDatabase } from "../await-database";
import { isCancelAsked } from "../cancel-asked";
import { assertHeld, type Hold, type WorkerContext } from "../context";
import type { Work } from "../load-work";
import { type CommandSite, commandControlPath, type RunCommand, siteOf } from "./command-site";
import { endCommand } from "./end-command";
import { listCommands } from "./insert-commands";
import type { CheckRound } from "./plan-checks";
import { readCommandTail } from "./read-command-tail";
import { runCommand } from "./run-command";

const namedFiles = 20;

/** What a round of checks came to. */
export interface CheckedWork {
  decision: ChecksDecision;
  round: number;
  /** Which checks did not pass, in a sentence each; null when all did. */
  problem: string | null;
  /** What the agent is told when it goes on. */
  goOnMessage: string | null;
  leftFiles: string[];
}

/**
 * Runs an attempt's checks one after the other, all of them, and decides what follows. A worker that
 * comes back goes on with the one that is under way.
 * @throws HoldEnded, AttemptSuperseded.
 */
export async function runChecks(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  round: CheckRound,
): Promise<CheckedWork> {
  const site = siteOf(hold, work, work.run.baseCommit ?? round.headCommit);
  const isCancelled = () => awaitDatabase(context, hold, () => isCancelAsked(context, hold));
  const planned = await awaitDatabase(context, hold, () =>
    listCommands(context.db, hold.attemptId, "check"),
  );
  const rows: RunCommand[] = [];
  for (const row of planned) rows.push(await runOne(context, hold, site, row, isCancelled));
  const settings = await awaitDatabase(context, hold, () =>
    readRepositorySettings(context.db, work.repository.id),
  );
  const { checkRounds: allowed } = chooseChecks(work.definition, settings);
  const decision = decideAfterChecks({
    states: rows.map(({ state }) => state),
    sentBack: await countSentBack(context, hold),
    checkRounds: allowed,
    agent: work.run.agent,
    isCancelAsked: await isCancelled(),
  });
  const failed = rows.filter(({ state }) => state !== "passed");
  const problem = failed.map((row) => `Check “${row.name}” ${describeCommandEnd(row)}.`);
  return {
    decision,
    round: round.number,
    problem: problem.join("\n") || null,
    goOnMessage:
      decision === "sent_back"
        ? composeMendMessage(await withTails(context, hold, failed), {
            number: round.number,
            of: allowed,
          })
        : null,
    leftFiles: await nameLeftFiles(context, hold, work, round),
  };
}

async function countSentBack(context: WorkerContext, hold: Hold): Promise<number> {
  const [row] = await awaitDatabase(context, hold, () =>
    context.db
      .select({ rounds: count() })
      .from(checkRounds)
      .where(and(eq(checkRounds.runId, hold.runId), eq(checkRounds.state, "sent_back"))),
  );
  return row?.rounds ?? 0;
}

async function runOne(
  context: WorkerContext,
  hold: Hold,
  site: CommandSite,
  row: RunCommand,
  isCancelled: () => Promise<boolean>,
): Promise<RunCommand> {
  if (isCommandOver(row.state)) return row;
  if (row.state === "planned" && (await isCancelled())) {
    const end = { state: "cancelled", exitCode: null, exitSignal: null, note: null } as const;
    return endCommand(context, site, row, end);
  }
  return runCommand(context, site, row, {
    nextControlPath: (tries) => commandControlPath(hold.controlPath, { ...row, tries }),
    isCancelAsked: isCancelled,
  });
}

async function withTails(context: WorkerContext, hold: Hold, failed: RunCommand[]) {
  const read = (row: RunCommand) =>
    awaitDatabase(context, hold, () => readCommandTail(context.db, row, failingTailBytes));
  return Promise.all(failed.map(async (row) => ({ ...row, tail: await read(row) })));
}

/** What checks change is no part of the work, and it is said. */
async function nameLeftFiles(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  { headCommit }: CheckRound,
): Promise<string[]> {
  try {
    const found = await findLeftFiles({
      home: context.home,
      repositoryId: work.repository.id,
      workspaceId: work.workspace.id,
      parent: headCommit,
      confine: context.confine,
      signal: hold.signal,
    });
    return found === null ? ["."] : found.slice(0, namedFiles);
  } catch (error) {
    assertHeld(hold);
    context.log(
      `run ${hold.runId}: after its checks the workspace cannot be read: ${describeError(error)}`,
    );
    return [];
  }
}

/** Commits what a round came to, with the end of its attempt. */
export async function recordRound(
  tx: Transaction,
  hold: Hold,
  { decision, leftFiles }: CheckedWork,
  now: Date,
): Promise<void> {
  await tx
    .update(checkRounds)
    .set({ state: decision, leftFiles, endedAt: now })
    .where(and(eq(checkRounds.attemptId, hold.attemptId), eq(checkRounds.state, "running")));
}

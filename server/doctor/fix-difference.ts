import { z } from "zod";
import { installation } from "@/db/schema";
import { compareQueue } from "@/server/differences/compare-queue";
import { readQueueFacts } from "@/server/differences/read-queue-facts";
import { type Difference, type FixAction, fixSchema } from "@/server/domain/difference";
import { Conflict } from "@/server/domain/errors";
import { checkInstallation } from "@/server/workspaces/check-installation";
import { compareHost } from "./compare-host";
import { adoptFolder } from "./fixes/adopt-folder";
import { dropStrayJob } from "./fixes/drop-stray-job";
import { endOverProcesses } from "./fixes/end-over-processes";
import { keepCommits } from "./fixes/keep-commits";
import { lookForCommits } from "./fixes/look-for-commits";
import { makeMirror } from "./fixes/make-mirror";
import { markRemoved } from "./fixes/mark-removed";
import { quarantine } from "./fixes/quarantine";
import { removeHalfMade } from "./fixes/remove-half-made";
import { sendNewJob } from "./fixes/send-new-job";
import { gatherHostFacts } from "./gather-host-facts";
import type { DoctorHost } from "./host-facts";

export const fixDifferenceInputSchema = fixSchema
  .pick({ action: true, steps: true })
  .extend({ key: z.string() });
export type FixDifference = z.infer<typeof fixDifferenceInputSchema>;

/** Each says what it did, in the past tense; each may be repeated after a kill at any point. */
const carriers: Record<FixAction, (host: DoctorHost, found: Difference) => Promise<string[]>> = {
  send_job: sendNewJob,
  drop_job: dropStrayJob,
  end_processes: endOverProcesses,
  adopt: adoptFolder,
  quarantine,
  remove_half_made: removeHalfMade,
  mark_removed: markRemoved,
  make_mirror: makeMirror,
  look_for_commits: lookForCommits,
  keep_commits: keepCommits,
};

/**
 * Carries out one fix, exactly as it was shown. The facts are read anew first; each fix then looks
 * once more at what it touches.
 * @throws Conflict when the difference is gone, cannot be fixed so, or would be fixed otherwise than
 *   was shown; what a fix itself throws. Nothing was changed then, or what was is harmless.
 */
export async function fixDifference(
  host: DoctorHost,
  { key, action, steps }: FixDifference,
  settleSeconds?: number,
): Promise<string[]> {
  const found = await findAgain(host, key, settleSeconds);
  const fix = found.fixes.find((offered) => offered.action === action);
  if (!fix) {
    throw new Conflict("This cannot be fixed in this way any more; nothing was changed.", {
      hint: "Check again and look at what is offered now.",
      facts: { key, action },
    });
  }
  if (JSON.stringify(fix.steps) !== JSON.stringify(steps)) {
    throw new Conflict("What would be done has changed since it was shown; nothing was changed.", {
      hint: "Check again, read the new steps, then decide.",
      facts: { key, action, steps: fix.steps },
    });
  }
  await assertOwnHome(host);
  return carriers[action](host, found);
}

async function findAgain(
  host: DoctorHost,
  key: string,
  settleSeconds: number | undefined,
): Promise<Difference> {
  const isOfQueue = key.split(":")[1] === "database";
  const differences = isOfQueue
    ? compareQueue(await readQueueFacts(host.db), settleSeconds)
    : await compareAnew(host, settleSeconds);
  const found = differences.find((difference) => difference.key === key);
  if (found) return found;
  throw new Conflict("This difference is gone; there is nothing to fix.", {
    hint: "Check again to see how things stand.",
    facts: { key },
  });
}

async function compareAnew(host: DoctorHost, settleSeconds: number | undefined) {
  const { facts, rows } = await gatherHostFacts(host, { asksOrigins: "due" });
  return compareHost(facts, rows, settleSeconds).differences;
}

/** @throws RemovalRefused when the disk is not there or the database is another installation's. */
async function assertOwnHome({ db, home }: DoctorHost): Promise<void> {
  const [row] = await db.select({ id: installation.id }).from(installation);
  await checkInstallation(home, row?.id ?? "");
}

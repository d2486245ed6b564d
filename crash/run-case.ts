import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { eq } from "drizzle-orm";
import { repositories, workspaces } from "@/db/schema";
import { type CrashPoint, crashPoints } from "@/server/domain/crash-points";
import type { DeliveryPolicy } from "@/server/domain/delivery";
import { DomainError, describeError } from "@/server/domain/errors";
import type { RunId } from "@/server/domain/ids";
import { isTerminal } from "@/server/domain/run-status";
import { removeWorkspace } from "@/server/workspace-records/remove-workspace";
import { sparesPath } from "@/server/workspaces/layout";
import { evidenceFiles } from "./agent-command";
import { type CaseReport, checkCase } from "./check-case";
import { type EventReader, followEvents } from "./follow-events";
import { type CrashCase, isDelivery, isOfCommand } from "./list-cases";
import { deliveredBranch } from "./make-origin";
import { type Lane, Site } from "./site";
import { strike } from "./strike";
import { triggerRun } from "./trigger-run";

export type CaseResult = CrashCase & CaseReport & { seconds: number; log: string };

/** Kills one thing at one point of a real installation, lets all go on, and looks what is left. */
export async function runCase(lane: Lane, plan: CrashCase): Promise<CaseResult> {
  const name = `${plan.point}_${plan.victim}`.replace(/\W/g, "_");
  const site = await Site.open(lane, name);
  const end = (report: CaseReport) => {
    const seconds = (performance.now() - site.startedAt) / 1000;
    return { ...plan, ...report, seconds, log: report.faults.length > 0 ? site.log : "" };
  };
  try {
    const reader = await carryOut(site, plan);
    return end(await checkCase(site, plan, reader));
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return end({ faults: [{ kind: "stuck", what }], figures: {}, attemptsMade: null });
  } finally {
    await site.stop();
    await site.close();
    rmSync(site.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The story of a case up to the moment when nothing is left to do. */
async function carryOut(site: Site, plan: CrashCase): Promise<EventReader | null> {
  const { point, victim } = plan;
  const { by } = crashPoints[point];
  const crash = {
    COPPICE_TEST_CRASH: "1",
    CRASH_AT: victim === by ? point : `${point}:hold`,
    COPPICE_CRASH_MARK: site.mark,
  };
  if (isDelivery(point)) await site.db.update(repositories).set({ delivery: policy });
  await site.startWorker(by === "worker" ? crash : {});
  const reader = await openWeb(site, plan, by === "web" ? crash : {});
  const keepsAgentBusy = liveAgentPoints.includes(point);
  const gate = path.join(site.evidence, evidenceFiles.gate);
  if (keepsAgentBusy) writeFileSync(gate, "");
  const triggered = triggerRun(site, "first", isOfCommand(point) ? "crash-checked" : "crash");
  triggered.catch(() => {}); // awaited below, after the strike
  if (isRemoval(point)) void askRemoval(site, await triggered);

  await reachPoint(site, plan);
  if (keepsAgentBusy) await site.until("half of the work", () => existsReached(site));
  await strike(site, victim, () => rmSync(site.mark, { force: true }));
  rmSync(gate, { force: true });

  const runId = await triggered;
  await waitForEnd(site, runId);
  if (point === "mid:pool") await waitForEnd(site, await triggerRun(site, "second"));
  if (isRemoval(point)) await site.until("the removal", () => isRemoved(site));
  await waitForSpares(site, point);
  return reader;
}

const liveAgentPoints: CrashPoint[] = ["after:go", "mid:run", "mid:events"];
const policy: DeliveryPolicy = { kind: "merge", target: deliveredBranch, when: "success" };
const isRemoval = (point: CrashPoint) => point === "mid:cleanup" || point === "mid:unlink";

async function openWeb(site: Site, { victim }: CrashCase, crash: Record<string, string>) {
  const isNeeded = Object.keys(crash).length > 0 || ["web", "machine", "reboot"].includes(victim);
  if (!isNeeded) return null;
  await site.startWeb(crash);
  const url = `http://127.0.0.1:${site.lane.port}/api/trpc/live.stream`;
  return followEvents(url, site.lane.token);
}

/** A process that is to kill itself is gone; one that is to hold says so. */
async function reachPoint(site: Site, { point, victim }: CrashCase): Promise<void> {
  const { by } = crashPoints[point];
  const holder = site[by];
  await site.until(`the point ${point}`, () => existsSync(site.mark) || holder?.isGone());
  const ended = holder?.isGone() ? await holder.gone : null;
  const asPlanned = victim === by ? ended?.signal === "SIGKILL" : ended === null;
  if (!asPlanned) throw new Error(`the ${by} ended before ${point}: ${JSON.stringify(ended)}`);
}

const existsReached = (site: Site) => existsSync(path.join(site.evidence, evidenceFiles.reached));

async function waitForEnd(site: Site, runId: RunId): Promise<void> {
  await site.until("the end of the run", async () =>
    (await site.runs()).some(({ id, status }) => id === runId && isTerminal(status)),
  );
}

/** What is asked may be cut off in the middle: it has to be done all the same. */
async function askRemoval(site: Site, runId: RunId): Promise<void> {
  try {
    await waitForEnd(site, runId);
    const [run] = await site.runs();
    if (run) await removeWorkspace(site.context(), { id: run.workspaceId });
  } catch (error) {
    const isRefused = error instanceof DomainError && error.code === "conflict";
    if (isRefused) site.failure = error;
    else site.say(describeError(error));
  }
}

async function isRemoved(site: Site): Promise<boolean> {
  const [run] = await site.runs();
  if (!run) return false;
  const [row] = await site.db
    .select({ state: workspaces.state })
    .from(workspaces)
    .where(eq(workspaces.id, run.workspaceId));
  return row?.state === "removed";
}

/** Half-made ones go by themselves; whole ones come again once a run has said what they are good for. */
async function waitForSpares(site: Site, point: CrashPoint): Promise<void> {
  const [repository] = await site.db.select({ id: repositories.id }).from(repositories);
  if (!repository) throw new Error("there is no repository");
  const folder = sparesPath(site.home, repository.id);
  await site.until("whole spares and no half ones", () => {
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const isRefilled = point !== "mid:pool" || names.length > 0;
    return isRefilled && !names.some((name) => name.endsWith(".half"));
  });
}

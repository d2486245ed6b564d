import { checkInvariants } from "@/server/doctor/check-invariants";
import { checkCommands } from "./check-commands";
import { checkOutput } from "./check-output";
import { checkRuns } from "./check-runs";
import { checkWork } from "./check-work";
import type { EventReader } from "./follow-events";
import { endInnocent } from "./forge-reboot";
import type { CrashCase } from "./list-cases";
import type { Site } from "./site";
import { findProcesses } from "./strike";

/** Something that must not be, in one sentence. */
interface Fault {
  kind:
    | ("status" | "attempt" | "commit" | "file" | "output" | "process" | "event" | "job")
    | ("folder" | "invariant" | "stuck");
  what: string;
}

/** What is counted over all cases; each has to be 0. */
export const figureNames = {
  commitsLost: "commits lost",
  filesLost: "uncommitted files lost",
  bytesLost: "bytes of output lost",
  bytesDoubled: "bytes of output doubled",
  eventsLost: "events lost or doubled in the stream",
  processesLeft: "processes left",
  wrongStatuses: "wrong statuses",
} as const;
export type Figures = Partial<Record<keyof typeof figureNames, number>>;

export interface CaseReport {
  faults: Fault[];
  figures: Figures;
  /** Of the run that was struck; null when it did not come so far. */
  attemptsMade: number | null;
}

/** Compares what a case left in the database, in git, on the disk and among the processes. */
export async function checkCase(
  site: Site,
  plan: CrashCase,
  reader: EventReader | null,
): Promise<CaseReport> {
  const report: CaseReport = { faults: [], figures: {}, attemptsMade: 0 };
  await checkRuns(site, plan, report);
  await checkOutput(site, report);
  await checkCommands(site, plan, report);
  await checkWork(site, plan, report);
  if (reader) await checkStream(site, reader, report);
  await checkProcesses(site, report);
  await checkWhole(site, report);
  return report;
}

/** Whoever followed the stream over all breaks was told of each event once, in order. */
async function checkStream(site: Site, reader: EventReader, report: CaseReport): Promise<void> {
  const rows = await site.db.query.runEvents.findMany({ columns: { id: true } });
  const expected = rows.map(({ id }) => id).sort((left, right) => left - right);
  await site.until("the stream's last event", () => reader.ids.at(-1) === expected.at(-1));
  await reader.close();
  const lost = expected.filter((id) => !reader.ids.includes(id)).length;
  const isInOrder = reader.ids.every((id, at) => id === expected[at]);
  const wrong = lost + Math.max(0, reader.ids.length - expected.length);
  report.figures.eventsLost = isInOrder ? wrong : Math.max(1, wrong);
  if (isInOrder && wrong === 0) return;
  report.faults.push({
    kind: "event",
    what: `the stream told of ${reader.ids.join(",")}; there are ${expected.join(",")}`,
  });
}

/** What must hold of any installation, judged when nothing of it is under way any more. */
async function checkWhole(site: Site, report: CaseReport): Promise<void> {
  const rows = await site.db.query.workers.findMany({ columns: { id: true } });
  const hosts = rows.map(({ id }) => ({ home: site.home, workerId: id }));
  const broken = await checkInvariants({ db: site.db, hosts, graceSeconds: 0 });
  const illegal = broken.filter(({ invariant }) => invariant === "I3").length;
  report.figures.wrongStatuses = (report.figures.wrongStatuses ?? 0) + illegal;
  for (const { invariant, subject, what } of broken) {
    report.faults.push({ kind: "invariant", what: `${invariant} ${subject}: ${what}` });
  }
}

/** An agent and its keeper are gone soon after a run's end; a worker's git when the worker is gone. */
async function checkProcesses(site: Site, report: CaseReport): Promise<void> {
  if (!endInnocent(site)) {
    report.faults.push({ kind: "process", what: "a process that is not ours was killed" });
  }
  const ofRuns = () =>
    findProcesses(site).filter(({ environment }) =>
      environment.some((line) => line.startsWith("COPPICE_RUN_ID=")),
    );
  await waitForNone(ofRuns);
  const afterRuns = ofRuns();
  await site.stop();
  await waitForNone(() => findProcesses(site));
  const left = new Map([...afterRuns, ...findProcesses(site)].map((one) => [one.pid, one]));
  report.figures.processesLeft = left.size;
  for (const { pid, command } of left.values()) {
    report.faults.push({
      kind: "process",
      what: `process ${pid} is left: ${command.slice(0, 200)}`,
    });
  }
}

const farewellMs = 8_000;

async function waitForNone(list: () => unknown[]): Promise<void> {
  const until = performance.now() + farewellMs;
  while (list().length > 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

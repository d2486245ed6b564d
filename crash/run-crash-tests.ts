import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { agentCommand, checkCommand } from "./agent-command";
import { bundlePrograms } from "./bundle-programs";
import { findFreePort } from "./find-free-port";
import { type CrashCase, listCases, listQuickCases } from "./list-cases";
import { makeOrigin } from "./make-origin";
import { openCluster } from "./open-cluster";
import { type CaseResult, runCase } from "./run-case";
import { describeCase, sumCases, tabulateCases } from "./show-results";
import type { Lane } from "./site";
import { writeReport } from "./write-report";

export interface RunCrashTests {
  projectFolder: string;
  isQuick: boolean;
  /** One point alone. */
  only: string | null;
  /** One victim alone. */
  victim: string | null;
  lanes: number;
}

/**
 * Kills each victim at each point of a real installation and proves after each that nothing was lost.
 * Prints a table and writes the figures.
 * @returns how many cases passed and failed.
 */
export async function runCrashTests(
  options: RunCrashTests,
): Promise<{ passed: number; failed: number }> {
  const { projectFolder, isQuick, only, victim } = options;
  const chosen = isQuick ? listQuickCases() : listCases(only ?? undefined);
  const cases = chosen.filter((one) => !victim || one.victim === victim);
  if (cases.length === 0) throw new Error("There is no such crash point or victim.");
  const folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), "coppice-crash-"));
  chmodSync(folder, 0o711); // for root, PostgreSQL runs as another account, which has to pass
  const built = path.join(projectFolder, ".coppice", `crash-${process.pid}`);
  const startedAt = performance.now();
  try {
    const programs = await bundlePrograms(projectFolder, built);
    const origin = makeOrigin(folder);
    const count = Math.min(options.lanes, cases.length);
    const results = await runLanes(cases, count, (number) =>
      openLane({ projectFolder, programs, folder: path.join(folder, `lane${number}`), origin }),
    );
    show(results, (performance.now() - startedAt) / 1000);
    const isWhole = !isQuick && !only && !victim;
    writeReport(projectFolder, results, isWhole);
    const failed = results.filter(({ faults }) => faults.length > 0).length;
    return { passed: results.length - failed, failed };
  } finally {
    rmSync(built, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

type OpenLane = Lane & { end(): Promise<void> };

/** Lanes take the next case each; in a lane there is one case at a time. */
async function runLanes(
  cases: CrashCase[],
  count: number,
  open: (number: number) => Promise<OpenLane>,
): Promise<CaseResult[]> {
  const waiting = [...cases];
  const results: CaseResult[] = [];
  const work = async (number: number) => {
    const lane = await open(number);
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const result = await runCase(lane, next);
        results.push(result);
        console.log(describeCase(result));
        if (result.log) console.log(result.log.split("\n").slice(-40).join("\n       | "));
      }
    } finally {
      await lane.end();
    }
  };
  await Promise.all(Array.from({ length: count }, (_, number) => work(number)));
  return cases.map((one) => {
    const result = results.find((is) => is.point === one.point && is.victim === one.victim);
    if (!result) throw new Error(`${one.point} × ${one.victim} has no result`);
    return result;
  });
}

async function openLane(
  plan: Pick<Lane, "projectFolder" | "programs" | "folder"> & { origin: string },
): Promise<OpenLane> {
  const { projectFolder, programs, folder, origin } = plan;
  mkdirSync(folder);
  chmodSync(folder, 0o711);
  const token = "crash-tests-have-a-token-of-their-own";
  const check = { name: "proof", command: checkCommand, timeoutSeconds: 60 };
  const workflows = [
    { name: "crash", command: agentCommand },
    { name: "crash-checked", command: agentCommand, checks: [check] },
  ];
  const cluster = await openCluster(path.join(folder, "postgres"), { token, origin, workflows });
  const port = await findFreePort();
  return { projectFolder, programs, folder, cluster, token, port, end: () => cluster.end() };
}

function show(results: CaseResult[], seconds: number): void {
  console.log(`\n${tabulateCases(results)}\n`);
  for (const [words, sum] of sumCases(results)) console.log(`${words}: ${sum}`);
  console.log(`seconds: ${Math.round(seconds)}`);
}

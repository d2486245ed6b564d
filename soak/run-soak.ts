import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { connectDatabase } from "@/db/client";
import { isDatabaseAway } from "@/db/errors";
import { bundlePrograms } from "../crash/bundle-programs";
import { findFreePort } from "../crash/find-free-port";
import { makeOrigin } from "../crash/make-origin";
import { openCluster } from "../crash/open-cluster";
import { agentCommand } from "./agent-command";
import { explainOpen } from "./explain-open";
import { Fleet } from "./fleet";
import { countOpen, judgeSoak } from "./judge-soak";
import { operate } from "./operate";
import { operators, planSteps, type Step } from "./plan-steps";
import { strikeBlow } from "./strike-blow";

export interface RunSoak {
  projectFolder: string;
  minutes: number;
  seed: number;
}

/** How often each thing came out how. */
type Tally = Map<string, number>;

const healingMinutes = 5;

/**
 * Lets four operators work on three workers while everything breaks, then heals all, waits for the last
 * run and judges what is left. The seed replays the same plan.
 * @returns how many things are wrong.
 */
export async function runSoak({ projectFolder, minutes, seed }: RunSoak): Promise<number> {
  const steps = planSteps(seed, minutes);
  console.log(`Seed ${seed}, ${minutes} min, ${steps.length} steps.`);
  const folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), "coppice-soak-"));
  chmodSync(folder, 0o711); // for root, PostgreSQL runs as another account, which has to pass
  const built = path.join(projectFolder, ".coppice", `soak-${process.pid}`);
  const { fleet, end } = await openFleet(projectFolder, folder, built);
  const tally: Tally = new Map();
  try {
    await fleet.start();
    await carryOut(fleet, steps, tally);
    const faults = await healAndJudge(fleet);
    await show(fleet, tally, faults);
    writeLog(projectFolder, fleet);
    return faults.length;
  } finally {
    await fleet.stop();
    await end();
    rmSync(built, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function openFleet(projectFolder: string, folder: string, built: string) {
  const programs = await bundlePrograms(projectFolder, built);
  const token = "the-soak-has-a-token-of-its-own";
  const cluster = await openCluster(path.join(folder, "postgres"), {
    token,
    origin: makeOrigin(folder),
    workflows: [
      { name: "temporary", command: agentCommand },
      { name: "persistent", command: agentCommand, workspace: "persistent" },
    ],
  });
  const databaseUrl = await cluster.createDatabase("soak");
  const onError = () => {}; // it is killed on purpose, and every query says so again
  const db = connectDatabase({ url: databaseUrl, maxConnections: 4, name: "soak", onError });
  const place = path.join(folder, "fleet");
  mkdirSync(place);
  const port = await findFreePort();
  const plan = { projectFolder, folder: place, programs, cluster, databaseUrl, db, token, port };
  const end = async () => {
    await db.$client.end();
    await cluster.end();
  };
  return { fleet: new Fleet(plan), end };
}

/** Each operator does one thing after another; blows fall at their time, whatever goes on. */
async function carryOut(fleet: Fleet, steps: Step[], tally: Tally): Promise<void> {
  const startedAt = performance.now();
  const lines: Promise<unknown>[] = Array.from({ length: operators }, () => Promise.resolve());
  const blows: Promise<unknown>[] = [];
  for (const [index, step] of steps.entries()) {
    await delay(Math.max(0, step.atMs - (performance.now() - startedAt)));
    if (step.kind === "blow") {
      blows.push(strikeBlow(fleet, step).then((came) => count(tally, `${step.blow}: ${came}`)));
    } else {
      const turn = async () =>
        count(tally, `${step.act}: ${await operate(fleet, step, `${index}`)}`);
      lines[step.operator] = (lines[step.operator] ?? Promise.resolve()).then(turn);
    }
  }
  await Promise.all([...lines, ...blows]);
}

function count(tally: Tally, what: string): void {
  tally.set(what, (tally.get(what) ?? 0) + 1);
}

/** All blows are over, and what was stopped goes on; a run that does not end now never will. */
async function healAndJudge(fleet: Fleet): Promise<string[]> {
  const until = performance.now() + healingMinutes * 60_000;
  let open = Number.POSITIVE_INFINITY;
  while (open > 0 && performance.now() < until) {
    await delay(250);
    open = await countOpen(fleet).catch((error: unknown) => {
      if (isDatabaseAway(error)) return Number.POSITIVE_INFINITY;
      throw error;
    });
  }
  if (open > 0) fleet.log.push(...(await explainOpen(fleet)).map((line) => `open: ${line}\n`));
  await fleet.stop();
  const stuck = open > 0 ? [`${open} runs, removals or requests never came to their end`] : [];
  return [...stuck, ...(await judgeSoak(fleet))];
}

async function show({ plan }: Fleet, tally: Tally, faults: string[]): Promise<void> {
  const { rows } = await plan.db.execute<{ what: string; runs: number; attempts: number }>(sql`
    select status || ' ' || coalesce(end_reason, '') as what, count(*)::int as runs,
      sum(attempt_number)::int as attempts
    from runs group by 1 order by 1`);
  console.log("\nActs and blows:");
  for (const [what, times] of [...tally].sort()) console.log(`  ${times} × ${what}`);
  console.log("Runs:");
  for (const { what, runs, attempts } of rows) {
    console.log(`  ${runs} × ${what} (${attempts} attempts)`);
  }
  console.log(faults.length === 0 ? "\nNothing is wrong." : "\nWrong:");
  for (const fault of faults) console.log(`  ${fault}`);
}

/** What all processes said, from the first on. */
function writeLog(projectFolder: string, { log }: Fleet): void {
  const file = path.join(projectFolder, ".coppice", "soak.log");
  writeFileSync(file, log.join(""));
  console.log(`The log: ${path.relative(process.cwd(), file)}`);
}

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { inArray, notInArray } from "drizzle-orm";
import { hostRequests, runs, workers, workspaces } from "@/db/schema";
import { checkInvariants } from "@/server/doctor/check-invariants";
import { terminalStatuses } from "@/server/domain/run-status";
import { listProcesses } from "../crash/list-processes";
import { evidenceFiles } from "./agent-command";
import { type Fleet, workerNames } from "./fleet";

/** What must never be the end of a run here: nothing in the soak gives cause for it. */
const ourFaults = ["internal_error", "workspace_failed", "repository_failed"] as const;

/** How many runs, removals and requests are not at their end yet. */
export async function countOpen({ plan }: Fleet): Promise<number> {
  const open = await plan.db.$count(runs, notInArray(runs.status, [...terminalStatuses]));
  const asked = await plan.db.$count(
    hostRequests,
    inArray(hostRequests.status, ["asked", "taken"]),
  );
  const removing = await plan.db.$count(workspaces, inArray(workspaces.state, ["removing"]));
  return open + asked + removing;
}

/** What must not be after a soak whose workers are stopped, one sentence each. */
export async function judgeSoak(fleet: Fleet): Promise<string[]> {
  const { db } = fleet.plan;
  const rows = await db.select({ id: workers.id, home: workers.home }).from(workers);
  const hosts = rows.map(({ id, home }) => ({ workerId: id, home }));
  const broken = await checkInvariants({ db, hosts, graceSeconds: 0 });
  const failed = await db
    .select()
    .from(runs)
    .where(inArray(runs.endReason, [...ourFaults]));
  return [
    ...broken.map(({ invariant, subject, what }) => `${invariant} ${subject}: ${what}`),
    ...failed.map(({ number, endReason, error }) => `run #${number}: ${endReason}: ${error}`),
    ...findLostWork(fleet),
    ...listProcesses()
      .filter(({ environment }) => environment.some((line) => line.includes(fleet.plan.folder)))
      .map(({ pid, command }) => `process ${pid} is left: ${command.slice(0, 200)}`),
  ];
}

/** Every commit and every left file that an agent tells of is reachable in a mirror. */
function findLostWork(fleet: Fleet): string[] {
  const mirrors = workerNames.flatMap((name) => {
    const folder = path.join(fleet.homeOf(name), "repositories");
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return names.filter((one) => one.endsWith(".git")).map((one) => path.join(folder, one));
  });
  const git = (args: string[]) =>
    mirrors.flatMap((mirror) => runGit(mirror, args).split("\n").filter(Boolean));
  const commits = new Set(git(["rev-list", "--all"]));
  const files = new Set(git(["log", "--all", "-m", "--name-only", "--format="]));
  return [
    ...readEvidence(fleet, evidenceFiles.commits)
      .filter((sha) => !commits.has(sha))
      .map((sha) => `the commit ${sha} is lost`),
    ...readEvidence(fleet, evidenceFiles.left)
      .filter((file) => !files.has(file))
      .map((file) => `the file ${file} is lost`),
  ];
}

function runGit(mirror: string, args: string[]): string {
  return execFileSync("git", [`--git-dir=${mirror}`, "-c", "safe.directory=*", ...args], {
    encoding: "utf8",
    env: { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" },
    maxBuffer: 256 * 1024 * 1024,
  });
}

function readEvidence(fleet: Fleet, name: string): string[] {
  const file = path.join(fleet.evidence, name);
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
}

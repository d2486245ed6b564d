import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { eq } from "drizzle-orm";
import { commits, deliveries, repositories, type runs, snapshots } from "@/db/schema";
import {
  mirrorPath,
  shadowPath,
  snapshotPrefix,
  trashPath,
  workspacePath,
} from "@/server/workspaces/layout";
import { evidenceFiles } from "./agent-command";
import type { CaseReport } from "./check-case";
import { type CrashCase, isDelivery } from "./list-cases";
import { deliveredBranch } from "./make-origin";
import type { Site } from "./site";

type Run = typeof runs.$inferSelect;

/**
 * All that the agents say they made is in the mirror under a ref: their commits as they are, and the
 * files they left in the head of the run.
 */
export async function checkWork(site: Site, plan: CrashCase, report: CaseReport): Promise<void> {
  const found = await site.runs();
  const [first] = found;
  if (!first) return;
  const git = gitOf(mirrorPath(site.home, first.repositoryId));
  await checkCommits(site, git, report);
  checkFiles(site, git, found, report);
  for (const run of found) await checkHistory(site, git, run, report);
  checkFolders(site, plan, first, report);
  if (isDelivery(plan.point)) await checkDelivery(site, first, report);
}

type Git = (...args: string[]) => string;

/** Empty where git fails: what it was asked for is not there. */
function gitOf(mirror: string): Git {
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  return (...args) => {
    try {
      return execFileSync("git", [`--git-dir=${mirror}`, "-c", "safe.directory=*", ...args], {
        encoding: "utf8",
        env,
        stdio: ["ignore", "pipe", "ignore"],
      });
    } catch (error) {
      if ((error as { status?: number }).status === undefined) throw error;
      return "";
    }
  };
}

function readEvidence(site: Site, name: string): string[] {
  const file = path.join(site.evidence, name);
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
}

/** Each is reachable, and stands in the run's history once, as the agent's own. */
async function checkCommits(site: Site, git: Git, report: CaseReport): Promise<void> {
  const made = readEvidence(site, evidenceFiles.commits);
  const lost = made.filter((sha) => git("for-each-ref", "--count=1", `--contains=${sha}`) === "");
  report.figures.commitsLost = lost.length;
  report.faults.push(...lost.map((sha) => ({ kind: "commit" as const, what: `${sha} is lost` })));
  const listed = await site.db.select().from(commits).where(eq(commits.origin, "agent"));
  const shas = listed.map(({ sha }) => sha).sort();
  if (shas.join() !== [...made].sort().join()) {
    report.faults.push({ kind: "commit", what: `made ${made.join()}; recorded ${shas.join()}` });
  }
}

function checkFiles(site: Site, git: Git, found: Run[], report: CaseReport): void {
  const heads = found.flatMap(({ headCommit }) => headCommit ?? []);
  const lost = readEvidence(site, evidenceFiles.left).filter((line) => {
    const [file = "", ...words] = line.split(" ");
    return !heads.some((head) => git("show", `${head}:${file}`) === `${words.join(" ")}\n`);
  });
  report.figures.filesLost = lost.length;
  report.faults.push(...lost.map((line) => ({ kind: "file" as const, what: `lost: ${line}` })));
}

/** One snapshot for an attempt at most, none of them empty or unrecorded. */
async function checkHistory(site: Site, git: Git, run: Run, report: CaseReport): Promise<void> {
  const rows = await site.db.select().from(commits).where(eq(commits.runId, run.id));
  const made = await site.db.select().from(snapshots).where(eq(snapshots.runId, run.id));
  const refs = git("for-each-ref", "--format=%(refname)", snapshotPrefix(run.id))
    .split("\n")
    .filter(Boolean);
  const say = (what: string) => report.faults.push({ kind: "commit", what });
  if (refs.length > run.attemptNumber) say(`git has ${refs.length} snapshots`);
  if (made.length !== refs.length) say(`${made.length} of ${refs.length} snapshots are recorded`);
  if (run.commits !== rows.length) say(`the run counts ${run.commits} of ${rows.length} commits`);
  for (const { sha, files } of rows) {
    if (files === 0) say(`the commit ${sha} is empty`);
  }
}

/** A removed workspace has left nothing on the disk; any other is where its row says. */
function checkFolders(site: Site, plan: CrashCase, run: Run, report: CaseReport): void {
  const say = (what: string) => report.faults.push({ kind: "folder", what });
  const folder = workspacePath(site.home, run.repositoryId, run.workspaceId);
  const isRemoved = plan.point === "mid:cleanup" || plan.point === "mid:unlink";
  if (existsSync(folder) === isRemoved) {
    say(`the workspace is ${isRemoved ? "still there" : "gone"}`);
  }
  if (!isRemoved) return;
  const trash = trashPath(site.home);
  if (existsSync(trash)) for (const name of readdirSync(trash)) say(`${name} lies in the trash`);
  if (existsSync(shadowPath(site.home, run.workspaceId))) say("its shadow is still there");
}

/** The origin has the work exactly once, and the row says so. */
async function checkDelivery(site: Site, run: Run, report: CaseReport): Promise<void> {
  const say = (what: string) => report.faults.push({ kind: "commit", what });
  const rows = await site.db.select().from(deliveries).where(eq(deliveries.runId, run.id));
  const [done] = rows;
  if (rows.length !== 1) say(`${rows.length} deliveries were planned`);
  if (done?.state !== "delivered") say(`the delivery is ${done?.state}: ${done?.problem}`);
  const [row] = await site.db.select({ origin: repositories.origin }).from(repositories);
  const git = gitOf(path.join(row?.origin ?? "", ".git"));
  const merges = git(
    "log",
    "--merges",
    "--format=%H %(trailers:key=Coppice-Run,valueonly)",
    deliveredBranch,
  );
  const ours = merges.split("\n").filter((line) => line.includes(run.id));
  if (ours.length !== 1) say(`the origin has the work ${ours.length} times`);
  if (!ours[0]?.startsWith(done?.resultSha ?? "?"))
    say("the origin has another commit than the row");
}

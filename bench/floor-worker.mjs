// The floor's worker process: claims with SKIP LOCKED, makes the clone, starts bash with its output on
// a file, captures and collects what it left, writes the end. No fences, events, queue library, keeper,
// sandbox, redaction or recovery. Arguments: FOLDER SLOTS (the folder holds mirror.git).
import { execFile, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { copyFile, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";

const [folder, slots] = process.argv.slice(2);
const mirror = join(folder, "mirror.git");
const base = "main";
const sql = postgres(process.env.DATABASE_URL, { max: Number(slots) + 1, onnotice() {} });
const run = promisify(execFile);
let busy = 0;

process.on("disconnect", () => process.exit());
await sql.listen("floor_job", fill);
process.send("ready");

async function fill() {
  while (busy < Number(slots)) {
    busy += 1;
    const [job] = await sql`
      update floor_runs set status = 'running' where id = (
        select id from floor_runs where status = 'queued' order by id for update skip locked limit 1
      ) returning id, command`;
    if (!job) {
      busy -= 1;
      return;
    }
    carryOut(job).finally(() => {
      busy -= 1;
      fill();
    });
  }
}

async function carryOut({ id, command }) {
  const workspace = join(folder, `workspace-${id}`);
  const index = join(folder, `index-${id}`);
  await makeWorkspace(workspace, index, id);
  const code = await runCommand(workspace, id, command);
  const head = await collect(workspace, id, await capture(workspace, index, id));
  await sql`
    with run as (update floor_runs set status = 'ended', code = ${code}, head = ${head} where id = ${id})
    select pg_notify('floor_event', ${`${id} ended`})`;
}

async function makeWorkspace(workspace, index, id) {
  await git(["clone", "-q", "--shared", "--no-checkout", "--template=", mirror, workspace]);
  await git(["-C", workspace, "switch", "-q", "-c", `run/${id}`, `origin/${base}`]);
  const indexOfClone = join(workspace, ".git", "index");
  await copyFile(indexOfClone, index);
  // git tells from the index's own time which files may have changed since it was written.
  const { atime, mtime } = await stat(indexOfClone);
  await utimes(index, atime, mtime);
  const set = sql`update floor_runs set workspace = ${workspace} where id = ${id}`;
  await sql`with run as (${set}) select pg_notify('floor_event', ${`${id} running`})`;
}

async function runCommand(workspace, id, command) {
  const output = openSync(join(folder, `${id}.log`), "a");
  const child = spawn("bash", ["-c", 'eval "$COPPICE_MESSAGE"'], {
    cwd: workspace,
    detached: true,
    stdio: ["ignore", output, output],
    env: { ...process.env, COPPICE_MESSAGE: command },
  });
  closeSync(output);
  return new Promise((resolve) => child.on("close", resolve));
}

/** Everything that is not ignored becomes a commit in the mirror; null when nothing changed. */
async function capture(workspace, index, id) {
  const env = { GIT_DIR: mirror, GIT_WORK_TREE: workspace, GIT_INDEX_FILE: index };
  const [changed, fresh] = await Promise.all([
    git(["diff-files", "--name-only", "-z"], { env, cwd: workspace }),
    git(["ls-files", "--others", "--exclude-standard", "-z"], { env, cwd: workspace }),
  ]);
  if (!changed && !fresh) return null;
  const add = git(["update-index", "-z", "--add", "--remove", "--stdin"], { env, cwd: workspace });
  add.child.stdin.end(changed + fresh);
  await add;
  const tree = (await git(["write-tree"], { env })).trim();
  const who = ["-c", "user.name=floor", "-c", "user.email=floor@coppice.invalid"];
  const commit = await git([...who, "commit-tree", tree, "-p", base, "-m", "snapshot"], { env });
  await git(["update-ref", `refs/floor/snapshots/${id}`, commit.trim()], { env });
  return commit.trim();
}

async function collect(workspace, id, snapshot) {
  const ref = `refs/floor/runs/${id}`;
  const quiet = ["-q", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"];
  await git(["-C", mirror, "fetch", ...quiet, workspace, `+refs/heads/run/${id}:${ref}`]);
  return snapshot ?? ref;
}

function git(args, { env, cwd } = {}) {
  const settings = ["-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0"];
  const environment = { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  const running = run("git", [...settings, ...args], { cwd, env: { ...environment, ...env } });
  const output = running.then(({ stdout }) => stdout);
  return Object.assign(output, { child: running.child });
}

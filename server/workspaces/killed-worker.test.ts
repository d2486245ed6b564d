import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { captureWorkspace } from "./capture-workspace";
import { collectCommits } from "./collect-commits";
import { keepWorkspace } from "./keep-workspace";
import { keptPath } from "./layout";
import { openWorkspace } from "./open-workspace";
import {
  commitAll,
  makeTestHome,
  openTestWorkspace,
  removeTestHome,
  runGit,
  type TestHome,
  writeTree,
} from "./testing";

let at: TestHome;
beforeEach(() => {
  at = makeTestHome();
});
afterEach(() => removeTestHome(at));

test("makes one whole workspace, wherever the worker was killed while making it", async () => {
  const { input, folder } = await openTestWorkspace(at);
  let kills = 0;
  for (let call = 1; ; call += 1) {
    rmSync(folder, { recursive: true });
    rmSync(path.join(at.home, "shadows"), { recursive: true });
    if (!(await killAtCall(call, "openWorkspace", input))) break;
    kills += 1;
    expect(existsSync(folder)).toBe(false);
    const opened = await openWorkspace(input);
    expect(opened.notices).toEqual([]);
    expect(runGit(folder, "status", "--porcelain")).toBe("");
    expect(readdirSync(path.dirname(folder))).toEqual([path.basename(folder)]);
  }
  expect(kills).toBeGreaterThanOrEqual(2);
}, 120_000);

test("captures all work once, wherever the worker was killed while capturing", async () => {
  const { capture, folder, mirror } = await openTestWorkspace(at);
  let kills = 0;
  for (let call = 1; ; call += 1) {
    writeTree(folder, { "new.txt": `${call}`, "a.txt": `edit ${call}` });
    if (!(await killAtCall(call, "captureWorkspace", capture))) break;
    kills += 1;
    const captured = await captureWorkspace(capture);
    expect(runGit(mirror, "show", `${captured.sha}:new.txt`)).toBe(`${call}`);
    expect(await captureWorkspace(capture)).toEqual(captured);
    expect(captured.ref?.split("/").at(-1)).toBe(`${call}`);
  }
  expect(kills).toBeGreaterThanOrEqual(6);
  runGit(mirror, "fsck", "--strict");
}, 120_000);

test("collects all commits, wherever the worker was killed while collecting", async () => {
  const { input, folder, mirror } = await openTestWorkspace(at);
  let kills = 0;
  for (let call = 1; ; call += 1) {
    writeTree(folder, { "new.txt": `${call}` });
    const amended = commitAll(folder, "Amended away");
    runGit(folder, "commit", "-q", "--amend", "-m", `Commit ${call}`);
    if (!(await killAtCall(call, "collectCommits", input))) break;
    kills += 1;
    const collected = await collectCommits(input);
    expect(collected.headCommit).toBe(runGit(folder, "rev-parse", "HEAD"));
    expect(runGit(mirror, "for-each-ref", "--contains", amended)).toMatch(/reflog/);
  }
  expect(kills).toBeGreaterThanOrEqual(4);
}, 120_000);

test("keeps all that a workspace holds once, wherever the worker was killed while keeping it", async () => {
  const { input, capture, folder, mirror } = await openTestWorkspace(at);
  writeTree(folder, { "nested/x": "x", ".gitignore": ".env\n", ".env": "secret" });
  runGit(path.join(folder, "nested"), "init", "-q");
  const nested = commitAll(path.join(folder, "nested"), "Nested");
  const keep = { ...capture, branch: input.branch, ignored: "keep" as const };
  const kept = keptPath(at.home, input.repositoryId);
  let kills = 0;
  for (let call = 1; ; call += 3) {
    writeTree(folder, { "new.txt": `${call}`, ".env": `secret ${call}` });
    if (!(await killAtCall(call, "keepWorkspace", keep))) break;
    kills += 1;
    const { proof, beside } = await keepWorkspace(keep);
    expect(proof.capture.leftOut).toEqual([]);
    expect(runGit(mirror, "show", `${proof.filesCommit}:new.txt`)).toBe(`${call}`);
    expect(runGit(kept, "show", `${beside.commit}:.env`)).toBe(`secret ${call}`);
    expect(runGit(mirror, "for-each-ref", "--contains", nested)).toMatch(/nested/);
    expect(readdirSync(kept).filter((name) => name.startsWith("incoming"))).toEqual([]);
  }
  expect(kills).toBeGreaterThanOrEqual(5);
}, 120_000);

/**
 * Lets a process of its own do the work with a git that stops for good at the n-th call, and kills
 * the process there. False when the work ended before that call.
 */
async function killAtCall(call: number, verb: string, input: object): Promise<boolean> {
  const folder = path.join(at.root, "stopping-git");
  rmSync(folder, { recursive: true, force: true });
  const marker = path.join(folder, "stopped");
  writeTree(folder, {
    git: `#!/bin/sh
n=1; while ! mkdir "${folder}/call-$n" 2>/dev/null; do n=$((n + 1)); done
if [ "$n" = ${call} ]; then echo $$ > "${marker}.new"; mv "${marker}.new" "${marker}"; exec sleep 600; fi
PATH="${process.env.PATH}" exec git "$@"
`,
    "worker.ts": `import { ${verb} } from "@/server/workspaces/${verbFile(verb)}";
const input = ${JSON.stringify(input)};
void ${verb}({ ...input, confine: (argv) => argv });
`,
  });
  chmodSync(path.join(folder, "git"), 0o755);
  const root = path.resolve(import.meta.dirname, "../..");
  const worker = spawn(process.execPath, ["--import", "tsx", path.join(folder, "worker.ts")], {
    cwd: root,
    env: {
      ...process.env,
      PATH: `${folder}:${process.env.PATH}`,
      TSX_TSCONFIG_PATH: path.join(root, "tsconfig.json"),
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(worker, "exit");
  const hasStopped = await Promise.race([appears(marker), exited.then(() => false)]);
  if (!hasStopped) {
    expect(worker.exitCode).toBe(0);
    return false;
  }
  worker.kill("SIGKILL");
  await exited;
  process.kill(Number(readFileSync(marker, "utf8")), "SIGKILL");
  return true;
}

const verbFile = (verb: string) => verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

async function appears(file: string): Promise<true> {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
  return true;
}

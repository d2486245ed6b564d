import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { writeTree } from "@/server/workspaces/testing";
import { openWorkTrial, type WorkTrial } from "./testing-work";

let database: TestDatabase;
let trial: WorkTrial;
beforeAll(async () => {
  database = await createTestDatabase();
  trial = await openWorkTrial(database);
});
afterAll(async () => {
  trial.end();
  await database.drop();
});

test("leaves each entry as it was or as it is, wherever the worker is killed while looking", async () => {
  const { session, shas } = await trial.ranWith({ "x.txt": "1" }, { "x.txt": "2" });
  await trial.look();
  let kills = 0;
  for (let call = 1; ; call += 1) {
    const isPushed = call % 2 === 1;
    const [before, after] = isPushed ? ["only_here", "pushed"] : ["pushed", "only_here"];
    if (isPushed) trial.push(session.branch);
    else trial.origin("branch", "-q", "-D", session.branch);
    const wasKilled = await killAtCall(call);
    kills += wasKilled ? 1 : 0;
    for (const entry of await trial.entries()) expect([before, after]).toContain(entry.whereabouts);
    await trial.look();
    for (const sha of shas) expect(await trial.whereIs(sha)).toBe(after);
    expect(await trial.entries()).toHaveLength(2);
    if (!wasKilled) break;
  }
  expect(kills).toBeGreaterThanOrEqual(5);
}, 240_000);

/** Looks in a process of its own with a git that stops at the n-th call, and kills it there. */
async function killAtCall(call: number): Promise<boolean> {
  const folder = path.join(trial.at.root, "stopping-git");
  const marker = path.join(folder, "stopped");
  rmSync(folder, { recursive: true, force: true });
  writeTree(folder, {
    git: `#!/bin/sh
n=1; while ! mkdir "${folder}/call-$n" 2>/dev/null; do n=$((n + 1)); done
if [ "$n" = ${call} ]; then echo $$ > "${marker}.new"; mv "${marker}.new" "${marker}"; exec sleep 600; fi
PATH="${process.env.PATH}" exec git "$@"
`,
    "worker.ts": `import { connectDatabase } from "@/db/client";
import { followWork } from "@/server/maintenance/follow-work";
const db = connectDatabase({ url: ${JSON.stringify(database.url)}, maxConnections: 1, name: "look", onError: () => {} });
void followWork({ db, home: ${JSON.stringify(trial.at.home)}, workerId: ${JSON.stringify(trial.worker.id)},
  redact: (text) => text, log: () => {}, isForced: true } as never).then(() => db.$client.end());
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

async function appears(file: string): Promise<true> {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 5));
  return true;
}

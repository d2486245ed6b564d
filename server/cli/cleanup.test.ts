import type { Server } from "node:http";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attempts, outputChunks } from "@/db/schema";
import { insertRepository, insertRun, insertWorker } from "@/db/testing-rows";
import { answerOutput } from "@/server/api/rest/answer-output";
import { answerRest } from "@/server/api/rest/answer-rest";
import { openTestDoor, type TestDoor } from "@/server/api/testing";
import { endFinishedCleanups } from "@/server/cleanup/end-finished-cleanups";
import { recordDiskReading } from "@/server/cleanup/record-disk-reading";
import { trimOutput } from "@/server/cleanup/trim-output";
import { followRun } from "./follow-run";
import { openRestClient } from "./open-rest-client";
import { callCli, serve, stop } from "./testing";

const gibibyte = 1024 ** 3;
let web: TestDoor;
let server: Server;
let url: string;

/** The product's own REST interface, on a real database; no worker acts. */
beforeAll(async () => {
  web = await openTestDoor();
  ({ server, url } = await serve((request) => {
    const address = new URL(request.url).pathname.slice("/api/v1".length);
    const output = /^\/runs\/([^/]+)\/output$/.exec(address);
    if (output?.[1]) return answerOutput(web.door, request, output[1]);
    return answerRest(web.door, request, address);
  }));
});
afterAll(async () => {
  await stop(server);
  await web.database.drop();
});

const call = (args: string[], token = web.tokens.admin) => callCli(args, { url, token });

/** A workspace that is due, unless it is among the newest. */
async function dueWorkspace() {
  const { db } = web.database;
  const repository = await insertRepository(db);
  const worker = await insertWorker(db);
  const endedAt = new Date(Date.now() - 40 * 24 * 3600 * 1000);
  const made = await insertRun(db, {
    ...{ status: "succeeded", workerId: worker.id, endedAt },
    session: { repositoryId: repository.id, workspace: { bytes: 3 * 1024 ** 2 } },
  });
  const client = openRestClient({ COPPICE_URL: url, COPPICE_TOKEN: web.tokens.admin });
  const policy = { repository: repository.name, rules: { keepNewest: 0 } };
  await client.send("POST", "/retention-policies", policy);
  return { ...made, repository, worker };
}

test("shows what is due and removes nothing unless it is told to", async () => {
  const { repository, worker, run } = await dueWorkspace();
  await recordDiskReading(web.database.db, worker.id, {
    ...{ at: new Date(), totalBytes: 10 * gibibyte, freeBytes: gibibyte / 2 },
    ...{ totalInodes: null, freeInodes: null },
  });
  const { out, exitCode } = await call(["cleanup", "--repo", repository.name]);
  expect(exitCode).toBe(0);
  expect(out).toMatch(new RegExp(`planned +workspace +#${run.number} .* 3\\.0 MiB`));
  expect(out).toContain("1 due, 3.0 MiB. Nothing was removed");
  expect(out).toContain(`Disk of ${worker.name}: 512.0 MiB of 10.0 GiB free – too little`);
  const answer = await call(["cleanup", "--dry-run", "--repo", repository.name, "--json"]);
  const { cleanup, items, disks } = JSON.parse(answer.out);
  expect(cleanup).toMatchObject({ status: "reported", planned: 1 });
  expect(items).toMatchObject([{ kind: "workspace", loses: [] }]);
  expect(disks).toMatchObject([{ shortage: { of: "bytes" } }]);
  const viewer = await call(["cleanup"], web.tokens.viewer);
  expect(viewer).toMatchObject({ exitCode: 1, out: "" });
  expect((await call(["cleanup", "--yes", "--dry-run"])).exitCode).toBe(64);
  expect((await call(["cleanup", "--repo", "nowhere"])).complaints).toContain("no repository");
});

test("carries the list out with --yes and waits until that has ended", async () => {
  const { repository, worker } = await dueWorkspace();
  const { db } = web.database;
  // No worker is there to do it, so the cleanup ends when its host is known to be away.
  const done = call(["cleanup", "--yes", "--repo", repository.name]);
  for (;;) {
    const [running] = await db.query.cleanups.findMany({
      where: (t) => eq(t.status, "running"),
    });
    if (running) break;
  }
  await db.execute(`update workers set stopped_at = now() where id = '${worker.id}'`);
  await endFinishedCleanups(db, new Date());
  const { out, exitCode } = await done;
  expect(exitCode).toBe(0);
  expect(out).toMatch(/skipped +workspace/);
  expect(out).toContain("Cleanup done: 0 removed");
});

test("marks the place of what was cut from an output, also while it is followed", async () => {
  const { db } = web.database;
  const { run, attempt } = await insertRun(db, { status: "succeeded" });
  if (!attempt) throw new Error("the run has no attempt");
  for (let index = 0; index < 10; index++) {
    const bytes = Buffer.from(`chunk ${index}\n`.padEnd(100, "."));
    await db
      .insert(outputChunks)
      .values({ attemptId: attempt.id, stream: "output", offset: index * 100, bytes });
  }
  await db
    .update(attempts)
    .set({ outputBytes: 1000, endedAt: new Date() })
    .where(eq(attempts.id, attempt.id));
  const trim = { runId: run.id, reason: "too_old" as const, keepBytes: 400, now: new Date() };
  await db.transaction((tx) => trimOutput(tx, trim));
  const { out } = await call(["output", run.id]);
  expect(out).toMatch(/^chunk 0[^c]*\[coppice: 600 bytes of output \(100 to 700\) were removed/);
  expect(out).toMatch(/\]\nchunk 7[^c]*chunk 8[^c]*chunk 9/);
  const followed: string[] = [];
  const client = openRestClient({ COPPICE_URL: url, COPPICE_TOKEN: web.tokens.viewer });
  await followRun(client, run.id, {
    onOutput: async (bytes) => void followed.push(Buffer.from(bytes).toString()),
    onTrouble: (message) => expect(message).toBe(""),
    pollMs: 5,
  });
  expect(followed.join("")).toBe(out);
});

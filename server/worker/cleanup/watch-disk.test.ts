import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { insertWorker } from "@/db/testing-rows";
import { listDisks } from "@/server/cleanup/list-disks";
import { setSettings } from "@/server/cleanup/set-settings";
import { startRun } from "@/server/runs/start-run";
import { type CleanupTrial, openCleanupTrial } from "./testing";
import { watchDisk } from "./watch-disk";

const mebibyte = 1024 ** 2;
const moreThanAnyDisk = 2 ** 52;
let trial: CleanupTrial;
beforeAll(async () => {
  trial = await openCleanupTrial();
  await trial.defineWorkflow("plain", { command: "true" });
});
afterAll(() => trial?.end());

const setMinFree = (minFreeBytes: number) => setSettings(trial.context(), { minFreeBytes });

test("claims nothing below the watermark, says why, and goes on by itself when there is room", async () => {
  await setMinFree(moreThanAnyDisk);
  const worker = await trial.startWorker();
  const { runId } = await startRun(trial.context(), {
    ...{ workflow: "plain", repository: "sample", message: "wait for room" },
  });
  const waiting = await trial.waitFor(runId, ({ waitReason }) => waitReason === "disk_low");
  expect(waiting).toMatchObject({ status: "queued", attemptNumber: 0 });
  const [disk] = (await listDisks(trial.database.db, new Date())).items;
  expect(disk).toMatchObject({
    ...{ worker: "trial", shortage: { of: "bytes", wanted: moreThanAnyDisk } },
  });
  await setMinFree(0);
  expect(await trial.waitForEnd(runId)).toMatchObject({ status: "succeeded", waitReason: null });
  await worker.kill("SIGTERM");
});

test("follows again what it held when the disk is low: only new runs wait", async () => {
  await setMinFree(0);
  await trial.defineWorkflow("long", { command: "until [ -e go-on ]; do sleep 0.05; done" });
  const first = await trial.startWorker();
  const { runId } = await startRun(trial.context(), {
    ...{ workflow: "long", repository: "sample", message: "outlive the worker" },
  });
  const running = await trial.waitFor(runId, ({ status }) => status === "running");
  await first.kill("SIGKILL");
  await setMinFree(moreThanAnyDisk);
  const second = await trial.startWorker();
  writeFileSync(join(running.workspacePath ?? "", "go-on"), "");
  expect(await trial.waitForEnd(runId)).toMatchObject({ status: "succeeded", attemptNumber: 1 });
  await second.kill("SIGTERM");
});

test("sees a small disk fill up and empty again", async () => {
  const small = openSmallDisk();
  const { db } = trial.database;
  try {
    await setMinFree(32 * mebibyte);
    const { id, name } = await insertWorker(db);
    const watch = await watchDisk(db, small.folder, id);
    expect(watch.findShortage()).toBeNull();
    await small.fill();
    await watch.refresh();
    const shortage = watch.findShortage();
    expect(shortage?.of).toBe("bytes");
    expect(shortage?.free).toBeLessThan(shortage?.wanted ?? 0);
    const shown = (await listDisks(db, new Date())).items.find(({ worker }) => worker === name);
    expect(shown?.shortage).toMatchObject({ of: "bytes" });
    await small.empty();
    await watch.refresh();
    expect(watch.findShortage()).toBeNull();
  } finally {
    small.close();
  }
});

/** 64 MiB in memory where this account may mount; elsewhere the watermark is moved instead. */
function openSmallDisk() {
  const folder = mkdtempSync(join(tmpdir(), "coppice-disk-"));
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", folder]);
  const file = join(folder, "filler");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  if (status !== 0) {
    const setBack = () => setMinFree(32 * mebibyte);
    return { folder, fill: () => setMinFree(moreThanAnyDisk), empty: setBack, close: remove };
  }
  return {
    folder,
    fill: async () => writeFileSync(file, Buffer.alloc(48 * mebibyte, 1)),
    empty: async () => rmSync(file),
    close: () => {
      execFileSync("umount", [folder]);
      remove();
    },
  };
}

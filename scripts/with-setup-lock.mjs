import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { holdLock, LockHeld } from "../server/supervisor/hold-lock.mjs";
import { scratchFolder } from "./project-folder.mjs";

/** Runs `work` while no other start or test of this folder sets it up. */
export async function withSetupLock(work) {
  const lock = await waitForLock(path.join(scratchFolder, "setup.lock"));
  process.once("exit", lock.release);
  try {
    return await work();
  } finally {
    lock.release();
    process.off("exit", lock.release);
  }
}

async function waitForLock(file) {
  mkdirSync(scratchFolder, { recursive: true });
  for (let hasTold = false; ; hasTold = true) {
    try {
      return holdLock(file);
    } catch (error) {
      if (!(error instanceof LockHeld)) throw error;
      if (!hasTold) console.log(`Process ${error.pid} sets this folder up; waiting for it…`);
    }
    await delay(300);
  }
}

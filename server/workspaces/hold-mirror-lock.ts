import { randomUUID } from "node:crypto";
import { link, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { Unavailable } from "@/server/domain/errors";
import { identifyProcess, isSameProcessAlive, type ProcessIdentity } from "./identify-process";

const queues = new Map<string, Promise<unknown>>();

/**
 * Runs `work` while no other process of this host, and nothing else in this one, holds the mirror's
 * lock. The lock of a dead process is taken over.
 * @throws Unavailable when a living process keeps it for longer than `waitSeconds`.
 */
export function holdMirrorLock<T>(
  mirror: string,
  work: () => Promise<T>,
  waitSeconds = 300,
): Promise<T> {
  const before = queues.get(mirror) ?? Promise.resolve();
  const turn = before.then(() => holdOnDisk(`${mirror}.lock`, work, waitSeconds));
  const settled = turn.then(
    () => undefined,
    () => undefined,
  );
  queues.set(mirror, settled);
  void settled.then(() => {
    if (queues.get(mirror) === settled) queues.delete(mirror);
  });
  return turn;
}

async function holdOnDisk<T>(lock: string, work: () => Promise<T>, waitSeconds: number) {
  const identity = await identifyProcess(process.pid);
  const text = JSON.stringify({ ...identity, nonce: randomUUID() });
  const deadline = Date.now() + waitSeconds * 1000;
  while (!(await take(lock, text))) {
    if (Date.now() > deadline) {
      const owner = await readOwner(lock);
      throw new Unavailable(`The mirror's lock is held by process ${owner?.identity.pid}.`, {
        facts: { lock, owner: owner?.identity },
      });
    }
    await delay(20);
  }
  try {
    return await work();
  } finally {
    const owner = await readOwner(lock);
    if (owner?.text === text) await unlink(lock);
  }
}

/** A hard link appears whole or not at all, so a lock always names its owner. */
async function take(lock: string, text: string): Promise<boolean> {
  const mine = `${lock}.${randomUUID()}`;
  await writeFile(mine, text);
  try {
    await link(mine, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    await removeIfDead(lock);
    return false;
  } finally {
    await unlink(mine);
  }
}

/** Between reading and renaming another process may have taken the lock; then it is put back. */
async function removeIfDead(lock: string): Promise<void> {
  const owner = await readOwner(lock);
  if (!owner || (await isSameProcessAlive(owner.identity))) return;
  const aside = `${lock}.${randomUUID()}`;
  if (!(await renameIfThere(lock, aside))) return;
  const moved = await readOwner(aside);
  if (moved?.text !== owner.text) await link(aside, lock);
  await unlink(aside);
}

async function readOwner(
  lock: string,
): Promise<{ text: string; identity: ProcessIdentity } | null> {
  try {
    const text = await readFile(lock, "utf8");
    return { text, identity: JSON.parse(text) as ProcessIdentity };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

// Plain JavaScript on Node's built-ins: the start script needs it before anything is installed.
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/** Somebody alive holds the lock. */
export class LockHeld extends Error {
  /** @param {string} file @param {number} pid */
  constructor(file, pid) {
    super(`Process ${pid} holds ${file}.`);
    this.name = "LockHeld";
    this.pid = pid;
  }
}

/**
 * Takes the lock `file`. It proves life by pid, start time and boot, so a holder that was killed or
 * whose pid is another process now counts as dead, and its lock is taken over.
 *
 * Throws LockHeld while the holder lives.
 *
 * @param {string} file
 * @returns {{ wasAbandoned: boolean, release: () => void }} whether a dead holder had left it
 */
export function holdLock(file) {
  const mine = JSON.stringify(identify(process.pid));
  for (let wasAbandoned = false; ; wasAbandoned = true) {
    if (createWhole(file, mine)) return { wasAbandoned, release: () => release(file, mine) };
    const theirs = readHolder(file);
    if (theirs && isAlive(theirs)) throw new LockHeld(file, theirs.pid);
    removeAbandoned(file);
  }
}

/** The file appears with its whole content or not at all. @param {string} file @param {string} content */
function createWhole(file, content) {
  const half = `${file}.${randomUUID().slice(0, 8)}`;
  writeFileSync(half, content, { mode: 0o644 });
  try {
    linkSync(half, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(half, { force: true });
  }
}

/**
 * One rival at a time: whoever found the lock dead may look again only after another has taken it.
 * While it is dead nobody else can replace it, so what is looked at is what is removed.
 * @param {string} file
 */
function removeAbandoned(file) {
  const takeover = holdLock(`${file}.takeover`);
  try {
    const isThere = readText(file) !== null;
    const theirs = readHolder(file);
    if (isThere && !(theirs && isAlive(theirs))) rmSync(file, { force: true });
  } finally {
    takeover.release();
  }
}

/** @param {string} file @param {string} mine */
function release(file, mine) {
  if (readText(file) === mine) rmSync(file, { force: true });
}

/** @param {string} file @returns {{ pid: number, startedAt: string, boot: string } | null} */
function readHolder(file) {
  const text = readText(file);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null; // not one of ours: nobody alive wrote it
    throw error;
  }
}

/** @param {{ pid: number, startedAt: string, boot: string }} holder */
function isAlive(holder) {
  const now = identify(holder.pid);
  return now.startedAt !== "" && now.startedAt === holder.startedAt && now.boot === holder.boot;
}

/** Who has this pid now; an empty `startedAt` when nobody has. @param {number} pid */
function identify(pid) {
  const boot = readText("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  return { pid, startedAt: readStart(pid), boot };
}

/** @param {number} pid */
function readStart(pid) {
  if (process.platform !== "linux") return askForStart(pid);
  // After the name in brackets (which may hold anything): state is field 3, start time field 22.
  const fields = readText(`/proc/${pid}/stat`)?.split(")").at(-1)?.trim().split(" ") ?? [];
  const isZombie = fields[0] === "Z";
  return isZombie ? "" : (fields[19] ?? "");
}

/** @param {number} pid */
function askForStart(pid) {
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch (error) {
    if (error instanceof Error && "status" in error && error.status === 1) return "";
    throw error;
  }
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ESRCH") return null;
    throw error;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? error.code : null;
}

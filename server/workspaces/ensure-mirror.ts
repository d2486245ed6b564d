import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { crashAt } from "@/server/domain/crash-points";
import type { RepositoryId } from "@/server/domain/ids";
import { exists } from "./exists";
import { fetchMirror } from "./fetch-mirror";
import { fingerprintOrigin } from "./fingerprint-origin";
import { git } from "./git";
import { holdMirrorLock } from "./hold-mirror-lock";
import { fetchRecordPath, mirrorPath } from "./layout";
import { explainOriginFailure, type Reach, reachOrigin } from "./reach-origin";
import { writeGitFolder } from "./write-git-folder";

export interface EnsureMirror {
  home: string;
  repositoryId: RepositoryId;
  origin: string;
  /** A remote origin that was fetched less long ago is not asked again. 0 (default) always asks. */
  freshSeconds?: number;
  timeoutSeconds?: number;
  signal?: AbortSignal;
}

export interface Mirror {
  path: string;
  fetchedAt: Date;
  /** False when nothing could have changed, or another caller has just fetched. */
  hasFetched: boolean;
}

interface FetchRecord {
  origin: string;
  startedAtMs: number;
  fetchedAtMs: number;
  fingerprint: string | null;
}

/**
 * Makes the mirror if it is missing and brings it up to date. A local origin whose refs did not
 * change costs no process. Branches deleted at the origin stay in the mirror.
 * @throws OriginUnreachable, BadInput, Unprocessable (a refused host), Unavailable (lock), GitFailed.
 */
export async function ensureMirror(input: EnsureMirror): Promise<Mirror> {
  const mirror = mirrorPath(input.home, input.repositoryId);
  const requestedAtMs = Date.now();
  const fresh = await findFreshRecord(mirror, input, requestedAtMs);
  if (fresh) return present(mirror, fresh, false);
  const reach = await reachOrigin(input.origin);
  await mkdir(path.dirname(mirror), { recursive: true });
  return holdMirrorLock(mirror, async () => {
    const othersFetch = await findFreshRecord(mirror, input, requestedAtMs);
    if (othersFetch) return present(mirror, othersFetch, false);
    if (!(await exists(path.join(mirror, "HEAD")))) await makeMirror(mirror, input, reach);
    return present(mirror, await fetchAndRecord(mirror, input, reach), true);
  });
}

function present(mirror: string, record: FetchRecord, hasFetched: boolean): Mirror {
  return { path: mirror, fetchedAt: new Date(record.fetchedAtMs), hasFetched };
}

async function findFreshRecord(
  mirror: string,
  { origin, freshSeconds = 0 }: EnsureMirror,
  requestedAtMs: number,
): Promise<FetchRecord | null> {
  const record = await readRecord(mirror);
  if (record?.origin !== origin) return null;
  if (record.startedAtMs > requestedAtMs) return record;
  if (origin.startsWith("/")) {
    const isUnchanged =
      record.fingerprint !== null && record.fingerprint === (await fingerprintIfThere(origin));
    return isUnchanged ? record : null;
  }
  return requestedAtMs - record.startedAtMs < freshSeconds * 1000 ? record : null;
}

async function makeMirror(mirror: string, { home }: EnsureMirror, reach: Reach): Promise<void> {
  const args = ["ls-remote", ...reach.flags, "--", reach.address, "HEAD", "refs/heads/*"];
  const { stdout } = await git(args, { home, timeoutSeconds: 60, ...reach.options }).catch(
    (error: unknown) => {
      throw explainOriginFailure(error, reach.address);
    },
  );
  const temporary = `${mirror}.new-${randomUUID()}`;
  writeGitFolder(temporary, {
    head: "refs/heads/main",
    isBare: true,
    isSha256: /^[0-9a-f]{64}\t/.test(stdout.toString()),
  });
  if (await holdsObjects(mirror)) return mend(mirror, temporary);
  await rm(mirror, { recursive: true, force: true });
  await rename(temporary, mirror);
}

/** Only a mirror that has never been fetched into has none. */
async function holdsObjects(mirror: string): Promise<boolean> {
  const names = await readdir(path.join(mirror, "objects")).catch(whenGone);
  const packs = await readdir(path.join(mirror, "objects", "pack")).catch(whenGone);
  return names.some((name) => /^[0-9a-f]{2}$/.test(name)) || packs.length > 0;
}

/** Somebody took its HEAD away. All work is in it, so what is missing is put back and nothing replaced. */
async function mend(mirror: string, fresh: string): Promise<void> {
  for (const name of ["refs", "config", "HEAD"]) {
    if (await exists(path.join(mirror, name))) continue;
    await rename(path.join(fresh, name), path.join(mirror, name));
  }
  await rm(fresh, { recursive: true, force: true });
}

function whenGone(error: NodeJS.ErrnoException): string[] {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
  throw error;
}

async function fetchAndRecord(mirror: string, input: EnsureMirror, reach: Reach) {
  const { home, origin, signal, timeoutSeconds = 1800 } = input;
  const startedAtMs = Date.now();
  // Read before the fetch: a change during it makes the next call fetch again.
  const fingerprint = reach.origin.kind === "local" ? await fingerprintIfThere(origin) : null;
  await fetchMirror(mirror, reach, { home, timeoutSeconds, signal }).catch((error: unknown) => {
    throw explainOriginFailure(error, reach.address);
  });
  await crashAt("mid:mirror");
  const record: FetchRecord = { origin, startedAtMs, fetchedAtMs: Date.now(), fingerprint };
  await writeRecord(mirror, record);
  return record;
}

async function fingerprintIfThere(folder: string): Promise<string | null> {
  return (await exists(folder)) ? fingerprintOrigin(folder) : null;
}

async function readRecord(mirror: string): Promise<FetchRecord | null> {
  try {
    return JSON.parse(await readFile(fetchRecordPath(mirror), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

async function writeRecord(mirror: string, record: FetchRecord): Promise<void> {
  const file = fetchRecordPath(mirror);
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, JSON.stringify(record));
  await rename(temporary, file);
}

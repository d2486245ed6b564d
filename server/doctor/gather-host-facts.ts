import { and, eq, inArray, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { attempts, repositories, runs } from "@/db/schema";
import { findMarkedProcesses } from "@/server/agents/find-marked-processes";
import { type ControlFolder, listControlFolders } from "@/server/agents/list-control-folders";
import { readControl } from "@/server/agents/read-control";
import {
  listRecordedCommits,
  type RecordedCommit,
} from "@/server/differences/list-recorded-commits";
import { type HostRows, readHostRows } from "@/server/differences/read-host-rows";
import { groupBy } from "@/server/domain/group-by";
import { type RepositoryId, runIdSchema } from "@/server/domain/ids";
import { heldStatuses } from "@/server/domain/run-status";
import { inspectHome } from "@/server/workspaces/inspect-home";
import { inspectMirror } from "@/server/workspaces/inspect-mirror";
import { type HostFolders, listHostFolders } from "@/server/workspaces/list-host-folders";
import { askOrigins } from "./ask-origins";
import type { ControlFacts, DoctorHost, HostFacts } from "./host-facts";

const noFolders: HostFolders = { workspaces: [], spares: [], shadows: [], mirrors: [] };

/**
 * Sees what is on a host, then reads the rows about it: in this order, so that what a row says was
 * already so when the host was looked at, unless the row changed since. Changes nothing.
 * @throws the driver's error when the database cannot be reached.
 */
export async function gatherHostFacts(
  host: DoctorHost,
  options: { asksOrigins: "all" | "due" },
): Promise<{ facts: HostFacts; rows: HostRows }> {
  const { db, home, worker } = host;
  const clock = await readClock(db);
  const root = await inspectHome(home);
  const recorded = await listRecordedCommits(db, worker.id);
  const folders = root.isThere ? await listHostFolders(home) : noFolders;
  const mirrors = await inspectMirrors(host, folders, recorded);
  const { controls, held } = await readHeldControls(host);
  const processes = findMarkedProcesses();
  const rows = await readHostRows(db, {
    workerId: worker.id,
    runIds: idsAmong([...controls.map(({ runId }) => runId), ...processes.map((p) => p.runId)]),
    refRunIds: idsAmong(mirrors.flatMap(({ workRefs }) => workRefs.map(({ runId }) => runId))),
    workspaceIds: [...folders.workspaces, ...folders.shadows].flatMap(({ id }) => id ?? []),
  });
  const facts: HostFacts = {
    workerId: worker.id,
    home,
    ...clock,
    root,
    folders,
    controls: readOrphans(controls, held, rows),
    processes,
    mirrors,
    recorded,
    origins: await askOrigins(host, rows, mirrors, options.asksOrigins),
  };
  return { facts, rows };
}

/** What our clock says in the middle of the question is compared with the answer. */
async function readClock(db: Database) {
  const lookedAt = new Date();
  const startedMs = performance.now();
  const { rows } = await db.execute<{ ms: string }>(
    sql`select extract(epoch from clock_timestamp()) * 1000 as ms`,
  );
  const tookMs = performance.now() - startedMs;
  const middleMs = lookedAt.getTime() + tookMs / 2;
  return {
    lookedAt,
    clockAheadMs: Math.round(middleMs - Number(rows[0]?.ms)),
    clockErrorMs: Math.ceil(tookMs / 2),
  };
}

/** The mirrors that are there, and those of which something is recorded. */
async function inspectMirrors(
  host: DoctorHost,
  folders: HostFolders,
  recorded: RecordedCommit[],
): Promise<HostFacts["mirrors"]> {
  const known = await host.db.select({ id: repositories.id }).from(repositories);
  const used = new Set([
    ...folders.mirrors.flatMap(({ id, isHalfMade }) => (isHalfMade ? [] : [id])),
    ...folders.workspaces.map(({ repositoryId }) => repositoryId),
    ...recorded.map(({ repositoryId }) => repositoryId),
  ]);
  const shas = groupBy(recorded, ({ repositoryId }) => repositoryId);
  const found: HostFacts["mirrors"] = [];
  for (const { id } of known) {
    if (!used.has(id)) continue;
    found.push({ repositoryId: id, ...(await inspectOne(host, id, shas.get(id) ?? [])) });
  }
  return found;
}

function inspectOne({ home }: DoctorHost, repositoryId: RepositoryId, recorded: RecordedCommit[]) {
  return inspectMirror({ home, repositoryId, recorded: recorded.map(({ sha }) => sha) });
}

/** Control folders of held runs are read before the rows: their runs may end at any moment. */
async function readHeldControls({ db, home, worker }: DoctorHost) {
  const controls = await listControlFolders(home);
  const held = await db
    .select({ path: attempts.controlPath })
    .from(attempts)
    .innerJoin(runs, and(eq(runs.id, attempts.runId), eq(runs.attemptNumber, attempts.number)))
    .where(and(eq(runs.workerId, worker.id), inArray(runs.status, [...heldStatuses])));
  return { controls, held: new Map(held.map(({ path }) => [path, readControl(path)])) };
}

/** A folder without an attempt belongs to nobody, so it may be read at any time. */
function readOrphans(
  controls: ControlFolder[],
  held: Map<string, ReturnType<typeof readControl>>,
  rows: HostRows,
): ControlFacts[] {
  const known = new Set(rows.attempts.map(({ controlPath }) => controlPath));
  return controls.map((control) => ({
    ...control,
    state: held.get(control.path) ?? (known.has(control.path) ? null : readControl(control.path)),
  }));
}

function idsAmong(texts: string[]): string[] {
  return [...new Set(texts)].filter((text) => runIdSchema.safeParse(text).success);
}

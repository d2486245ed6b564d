import { z } from "zod";
import type { TrimReason } from "./output-trim";
import type { RetentionRules } from "./retention";
import type { RunStatus } from "./run-status";
import type { WorkspaceState } from "./workspace";

/**
 * What a cleanup may do: remove a workspace's folder, cut a run's output and transcript to their
 * beginning and end, remove an attempt's control folder.
 */
export const cleanupKinds = ["workspace", "output", "spool"] as const;
export type CleanupKind = (typeof cleanupKinds)[number];

/**
 * - `reported`: a dry run; nothing was done. An admin may have it carried out.
 * - `running`: the hosts' workers carry it out. They, or an admin who aborts it.
 * - `done`, `aborted`: ended. Nobody.
 */
const cleanupStatuses = ["reported", "running", "done", "aborted"] as const;
export type CleanupStatus = (typeof cleanupStatuses)[number];

/**
 * - `planned`: due. `blocked`: due, but work would be lost or its host is away: it stays.
 * - `removing`: a worker is at it; found and ended after a kill.
 * - `removed`: gone. `kept`: it was no longer due, or not safe, when its turn came.
 * - `failed`: an error that nobody foresaw. `skipped`: the cleanup was aborted before its turn.
 */
export const cleanupItemStatuses = [
  "planned",
  "blocked",
  "removing",
  "removed",
  "kept",
  "failed",
  "skipped",
] as const;
export type CleanupItemStatus = (typeof cleanupItemStatuses)[number];

/** `off`: never by itself. `report`: a dry run each day. `remove`: carried out each day. */
export const cleanupModes = ["off", "report", "remove"] as const;
export type CleanupMode = (typeof cleanupModes)[number];

interface HostFacts {
  workerId: string;
  name: string;
  isAlive: boolean;
}

/** What the rules of one thing are, and which policy decided each. */
interface Ruled {
  rules: RetentionRules;
  by: Record<keyof RetentionRules, string>;
}

export interface WorkspaceFacts extends Ruled {
  id: string;
  kind: "temporary" | "persistent";
  state: WorkspaceState;
  repository: string;
  workflow: string | null;
  host: HostFacts | null;
  bytes: number | null;
  createdAt: Date;
  /** The newest run that has ended. */
  last: { id: string; number: number; status: RunStatus; endedAt: Date } | null;
  /** The number of a run that is not over. */
  openRun: number | null;
  /** Who pinned it or one of its runs. */
  pinnedBy: string | null;
  isBeingRead: boolean;
  /** An agent worked in it and its work never reached the mirror. */
  isUncollected: boolean;
  /** Files that the last snapshot could not store. */
  leftOut: string[];
}

export interface OutputFacts extends Ruled {
  runId: string;
  number: number;
  repository: string;
  workflow: string;
  endedAt: Date;
  pinnedBy: string | null;
  isBeingRead: boolean;
  /** Stored bytes of each attempt's streams, and to what they were cut before. */
  streams: { storedBytes: number; keptBytes: number | null }[];
}

export interface SpoolFacts extends Ruled {
  attemptId: string;
  runId: string;
  number: number;
  repository: string;
  workflow: string;
  host: HostFacts;
  endedAt: Date;
  pinnedBy: string | null;
  bytes: number;
}

/** One thing that is due. */
export interface PlannedItem {
  kind: CleanupKind;
  workspaceId: string | null;
  runId: string | null;
  attemptId: string | null;
  runNumber: number | null;
  repository: string;
  workflow: string | null;
  host: HostFacts | null;
  /** An estimate; null while a workspace was not measured. */
  bytes: number | null;
  reason: string;
  /** What nobody could reach any more; while it is not empty the item is blocked. */
  loses: string[];
  /** Why it stays although it is due. */
  blocked: string | null;
  trim: { reason: TrimReason; keepBytes: number } | null;
}

export const cleanupItemViewSchema = z.object({
  id: z.string(),
  kind: z.enum(cleanupKinds),
  status: z.enum(cleanupItemStatuses),
  repository: z.string(),
  workflow: z.string().nullable(),
  worker: z.string().nullable(),
  workspaceId: z.string().nullable(),
  run: z.object({ id: z.string(), number: z.number().int() }).nullable(),
  path: z.string().nullable(),
  bytes: z.number().int().nullable(),
  freedBytes: z.number().int().nullable(),
  reason: z.string(),
  loses: z.array(z.string()),
  /** Why it is blocked, was kept or failed. */
  why: z.string().nullable(),
  endedAt: z.date().nullable(),
});
export type CleanupItemView = z.infer<typeof cleanupItemViewSchema>;

export const cleanupViewSchema = z.object({
  id: z.string(),
  status: z.enum(cleanupStatuses),
  isScheduled: z.boolean(),
  startedBy: z.string(),
  startedAt: z.date(),
  carriedOutBy: z.string().nullable(),
  carriedOutAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  repository: z.string().nullable(),
  planned: z.number().int(),
  plannedBytes: z.number().int(),
  blocked: z.number().int(),
  removed: z.number().int(),
  kept: z.number().int(),
  failed: z.number().int(),
  freedBytes: z.number().int(),
  /** More was due than one cleanup takes; the next one goes on. */
  isCut: z.boolean(),
  /** What a worker is at now. */
  current: z.string().nullable(),
});
export type CleanupView = z.infer<typeof cleanupViewSchema>;

import { z } from "zod";
import { roleSchema } from "./actor";
import { isolations } from "./confinement";
import { runStatusSchema } from "./run-status";
import { workerStateSchema } from "./worker";
import { agentKindSchema, workflowDefinitionSchema, workspaceKindSchema } from "./workflow";
import { workspaceStateSchema } from "./workspace";

/** The shapes in which nouns other than the run leave the server. */
export const repositoryViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  origin: z.string(),
  defaultBranch: z.string(),
  worker: z.string().nullable(),
  /** Since when work is pushed to the origin under refs/coppice as well; null: it is not. */
  keptAtOriginSince: z.date().nullable(),
  createdBy: z.string(),
  createdAt: z.date(),
  runs: z.number().int(),
  lastRunAt: z.date().nullable(),
});
export type RepositoryView = z.infer<typeof repositoryViewSchema>;

export const workflowViewSchema = workflowDefinitionSchema.extend({
  id: z.string(),
  name: z.string(),
  version: z.number().int(),
  createdBy: z.string(),
  createdAt: z.date(),
  runs: z.number().int(),
  lastRunAt: z.date().nullable(),
});
export type WorkflowView = z.infer<typeof workflowViewSchema>;

export const workspaceViewSchema = z.object({
  id: z.string(),
  kind: workspaceKindSchema,
  name: z.string().nullable(),
  state: workspaceStateSchema,
  repository: z.object({ name: z.string() }),
  worker: z.string().nullable(),
  path: z.string().nullable(),
  branch: z.string().nullable(),
  baseCommit: z.string().nullable(),
  headCommit: z.string().nullable(),
  bytes: z.number().int().nullable(),
  sessionId: z.string().nullable(),
  /** The run that holds it now, or the last one that did. */
  run: z.object({ id: z.string(), number: z.number().int(), status: runStatusSchema }).nullable(),
  createdAt: z.date(),
  usedAt: z.date().nullable(),
  removedAt: z.date().nullable(),
});
export type WorkspaceView = z.infer<typeof workspaceViewSchema>;

export const workerViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  host: z.string(),
  /** Its process is there: live, draining or drained. */
  isAlive: z.boolean(),
  state: workerStateSchema,
  /** The version of Coppice that it runs. */
  version: z.string(),
  pid: z.number().int().nullable(),
  /** How many runs it may carry at once, as it is now. */
  slots: z.number().int(),
  /** What an admin has set instead of what it was started with; null: nothing. */
  capacity: z.number().int().nullable(),
  startedWithSlots: z.number().int(),
  held: z.number().int(),
  /** Queued runs that only this worker can take. */
  waiting: z.number().int(),
  /** What lies there of runs that were taken off it while its host was declared lost. */
  left: z.number().int(),
  drain: z.object({ at: z.date(), by: z.string(), reason: z.string().nullable() }).nullable(),
  lost: z.object({ at: z.date(), by: z.string(), reason: z.string() }).nullable(),
  isolation: z.enum(isolations),
  isolationWhy: z.string(),
  agents: z.array(
    z.object({
      kind: agentKindSchema,
      program: z.string().nullable(),
      version: z.string().nullable(),
      problem: z.string().nullable(),
      howToInstall: z.string(),
    }),
  ),
  startedAt: z.date(),
  heartbeatAt: z.date(),
});
export type WorkerView = z.infer<typeof workerViewSchema>;

export const memberViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: roleSchema,
  createdAt: z.date(),
});
export type MemberView = z.infer<typeof memberViewSchema>;

export const tokenViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  prefix: z.string(),
  createdBy: z.string(),
  createdAt: z.date(),
  lastUsedAt: z.date().nullable(),
  expiresAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
});
export type TokenView = z.infer<typeof tokenViewSchema>;

/** Where an id, sha, branch, path, pid or #number leads. */
export const searchHitSchema = z.object({
  matched: z.string(),
  run: z.object({
    id: z.string(),
    number: z.number().int(),
    status: runStatusSchema,
    title: z.string(),
  }),
});
export type SearchHit = z.infer<typeof searchHitSchema>;

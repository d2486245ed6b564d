import { z } from "zod";
import { commitOriginSchema, commitWhereaboutsSchema, mergeWaySchema } from "./commit";
import { isolations } from "./confinement";
import { endReasonSchema } from "./end-reasons";
import { runActionSchema, waitReasonSchema } from "./run";
import { runStatusSchema } from "./run-status";
import { transcriptEntrySchema } from "./transcript";
import { usageSchema } from "./usage";
import { verdictSchema } from "./verdicts";
import { agentKindSchema, workspaceKindSchema } from "./workflow";
import { workspaceStateSchema } from "./workspace";

/** A run as JSON, over REST, tRPC and the CLI. People script against these fields: they only grow. */
export const runViewSchema = z.object({
  id: z.string(),
  number: z.number().int(),
  status: runStatusSchema,
  statusSince: z.date(),
  waitReason: waitReasonSchema.nullable(),
  availableAt: z.date().nullable(),
  endReason: endReasonSchema.nullable(),
  verdict: verdictSchema.nullable(),
  workflow: z.object({ name: z.string(), version: z.number().int() }),
  repository: z.object({ name: z.string() }),
  sessionId: z.string(),
  agent: agentKindSchema,
  agentSessionId: z.string().nullable(),
  workspace: z.object({
    id: z.string(),
    path: z.string().nullable(),
    branch: z.string().nullable(),
    baseCommit: z.string().nullable(),
    headCommit: z.string().nullable(),
    state: workspaceStateSchema,
    kind: workspaceKindSchema,
  }),
  attempt: z.number().int(),
  attemptId: z.string().nullable(),
  worker: z.object({ name: z.string(), host: z.string() }).nullable(),
  pid: z.number().int().nullable(),
  isolation: z.enum(isolations).nullable(),
  isSandboxed: z.boolean().nullable(),
  message: z.string(),
  result: z.string().nullable(),
  error: z.string().nullable(),
  commits: z.number().int().nullable(),
  filesChanged: z.number().int().nullable(),
  additions: z.number().int().nullable(),
  deletions: z.number().int().nullable(),
  usage: usageSchema,
  limits: z.object({
    maxTurns: z.number().int().nullable(),
    timeoutSeconds: z.number().int().nullable(),
    maxCostUsd: z.number().nullable(),
    maxTokens: z.number().int().nullable(),
    stallSeconds: z.number().int().nullable(),
    maxOutputBytes: z.number().int().nullable(),
  }),
  outputBytes: z.number().int(),
  transcriptEntries: z.number().int(),
  /** How many set-ups, checks and tear-downs it has. */
  commands: z.number().int(),
  rerunOf: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.date(),
  startedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  cancelAskedAt: z.date().nullable(),
  availableActions: z.array(runActionSchema),
});
export type RunView = z.infer<typeof runViewSchema>;

/** A row of the run list: what the table shows, without texts that may be long. */
export const runSummarySchema = runViewSchema
  .pick({
    id: true,
    number: true,
    status: true,
    statusSince: true,
    waitReason: true,
    endReason: true,
    verdict: true,
    workflow: true,
    repository: true,
    sessionId: true,
    agent: true,
    attempt: true,
    worker: true,
    commits: true,
    filesChanged: true,
    additions: true,
    deletions: true,
    usage: true,
    createdBy: true,
    createdAt: true,
    startedAt: true,
    endedAt: true,
    availableActions: true,
  })
  .extend({
    /** The first 200 characters of the message, in one line. */
    title: z.string(),
    branch: z.string().nullable(),
  });
export type RunSummary = z.infer<typeof runSummarySchema>;

export const runEventViewSchema = z.object({
  id: z.number().int(),
  seq: z.number().int(),
  kind: z.string(),
  at: z.date(),
  actor: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type RunEventView = z.infer<typeof runEventViewSchema>;

export const transcriptEntryViewSchema = z.object({
  seq: z.number().int(),
  attempt: z.number().int(),
  at: z.date(),
  entry: transcriptEntrySchema,
});
export type TranscriptEntryView = z.infer<typeof transcriptEntryViewSchema>;

export const commitViewSchema = z.object({
  sha: z.string(),
  parents: z.array(z.string()),
  author: z.object({ name: z.string(), email: z.string() }),
  message: z.string(),
  at: z.date(),
  additions: z.number().int(),
  deletions: z.number().int(),
  files: z.number().int(),
  origin: commitOriginSchema,
  whereabouts: commitWhereaboutsSchema,
  mergedBy: mergeWaySchema.nullable(),
  /** When origin and mirror were seen to be so; null: not looked yet. */
  asOf: z.date().nullable(),
  /** Set while looks fail or the worker is away: since then nobody knows. */
  unknownSince: z.date().nullable(),
});
export type CommitView = z.infer<typeof commitViewSchema>;

/** One execution, with the facts that a status rests on. */
export const attemptViewSchema = z.object({
  id: z.string(),
  number: z.number().int(),
  worker: z.string(),
  startedAt: z.date(),
  agentStartedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  endReason: endReasonSchema.nullable(),
  pid: z.number().int().nullable(),
  isolation: z.enum(isolations).nullable(),
  exitCode: z.number().int().nullable(),
  exitSignal: z.string().nullable(),
  outputBytes: z.number().int(),
  baseCommit: z.string().nullable(),
  headCommit: z.string().nullable(),
});
export type AttemptView = z.infer<typeof attemptViewSchema>;

/** What the browser's one stream carries: wake-ups, never content. */
export const wakeSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("event"),
    id: z.number().int(),
    runId: z.string(),
    event: z.string(),
    status: runStatusSchema.nullable(),
  }),
  z.object({
    kind: z.literal("output"),
    runId: z.string(),
    bytes: z.number().int(),
    entries: z.number().int(),
  }),
]);
export type Wake = z.infer<typeof wakeSchema>;

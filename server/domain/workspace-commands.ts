import { z } from "zod";
import { limits, utf8Length } from "./limits";

/** What is run in a workspace beside the agent; `bring_along` copies files and starts no process. */
export const commandKinds = ["bring_along", "set_up", "check", "tear_down"] as const;
const commandKindSchema = z.enum(commandKinds);
export type CommandKind = z.infer<typeof commandKindSchema>;

/**
 * Where a command stands. `planned`: its row is there, perhaps no process yet. `running`: let go.
 * `lost`: it left no exit, and is proved dead unless its note says otherwise. The last six never change.
 */
export const commandStates = [
  "planned",
  "running",
  "passed",
  "failed",
  "timed_out",
  "skipped",
  "cancelled",
  "lost",
] as const;
const commandStateSchema = z.enum(commandStates);
export type CommandState = z.infer<typeof commandStateSchema>;

export function isCommandOver(state: CommandState): boolean {
  return state !== "planned" && state !== "running";
}

const commandText = z
  .string()
  .refine((text) => text.trim() !== "" && !text.includes("\0"), { message: "Give a command." })
  .refine((text) => utf8Length(text) <= limits.maxCommandBytes, {
    message: `At most ${limits.maxCommandBytes / 1024} KiB.`,
  });
const timeoutSeconds = z.int().min(1).max(limits.maxTimeoutSeconds).default(600);

/** A command for `bash -c` in the workspace, with its time limit. */
const scriptSchema = z.strictObject({ command: commandText, timeoutSeconds });
export type Script = z.infer<typeof scriptSchema>;

/** A command that decides whether the work is good: exit code 0 passes it. */
const checkSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 ._:/-]*$/, "Use letters, digits, blanks and “._:/-”.")
    .max(limits.maxNameLength),
  ...scriptSchema.shape,
});
export type Check = z.infer<typeof checkSchema>;

export const checksSchema = z
  .array(checkSchema)
  .max(limits.maxChecks)
  .refine((checks) => new Set(checks.map(({ name }) => name)).size === checks.length, {
    message: "Give each check a name of its own.",
  });
/** How many times failing checks go back to the agent, which then goes on. */
export const checkRoundsSchema = z.int().min(0).max(limits.maxCheckRounds);

const setUpTimes = ["new_workspace", "every_run"] as const;

/** A path or pattern below the origin's folder; `*` and `?` stay within a name, `**` spans folders. */
const broughtPathSchema = z
  .string()
  .min(1)
  .max(500)
  .refine(
    (text) =>
      !text.startsWith("/") &&
      !text.includes("\0") &&
      text.split("/").every((part) => part !== "" && part !== "." && part !== "..") &&
      text.split("/")[0]?.toLowerCase() !== ".git",
    { message: "Give a path below the repository's folder, without “..” and not in .git." },
  );

/** What a repository says of its workspaces and of its runs' work. Each part has a standard. */
export const repositorySettingsSchema = z.strictObject({
  setUp: scriptSchema.nullable().default(null),
  setUpWhen: z.enum(setUpTimes).default("new_workspace"),
  tearDown: scriptSchema.nullable().default(null),
  bringAlong: z.array(broughtPathSchema).max(50).default([]),
  checks: checksSchema.default([]),
  checkRounds: checkRoundsSchema.default(limits.defaultCheckRounds),
});
export type RepositorySettings = z.infer<typeof repositorySettingsSchema>;

export const standardRepositorySettings = repositorySettingsSchema.parse({});

export const repositorySettingsViewSchema = repositorySettingsSchema.extend({
  changedBy: z.string().nullable(),
  changedAt: z.date().nullable(),
});
export type RepositorySettingsView = z.infer<typeof repositorySettingsViewSchema>;

const runCommandViewSchema = z.object({
  id: z.string(),
  attempt: z.number().int(),
  kind: commandKindSchema,
  position: z.number().int(),
  name: z.string(),
  command: z.string(),
  timeoutSeconds: z.number().int(),
  state: commandStateSchema,
  exitCode: z.number().int().nullable(),
  exitSignal: z.string().nullable(),
  /** Why it is as it is, where its exit does not say it. */
  note: z.string().nullable(),
  /** How often it was started: a process that was lost is started again. */
  tries: z.number().int(),
  outputBytes: z.number().int(),
  plannedAt: z.date(),
  startedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
});
export type RunCommandView = z.infer<typeof runCommandViewSchema>;

export const checkRoundStates = ["running", "passed", "failed", "sent_back", "cancelled"] as const;
const checkRoundStateSchema = z.enum(checkRoundStates);
export type CheckRoundState = z.infer<typeof checkRoundStateSchema>;

/** One look of the checks at what an attempt left. */
const checkRoundViewSchema = z.object({
  number: z.number().int(),
  attempt: z.number().int(),
  state: checkRoundStateSchema,
  headCommit: z.string(),
  /** Files that the checks changed in the workspace: no part of the work. */
  leftFiles: z.array(z.string()),
  beganAt: z.date(),
  endedAt: z.date().nullable(),
});
export type CheckRoundView = z.infer<typeof checkRoundViewSchema>;

export const runChecksViewSchema = z.object({
  commands: z.array(runCommandViewSchema),
  rounds: z.array(checkRoundViewSchema),
});
export type RunChecksView = z.infer<typeof runChecksViewSchema>;

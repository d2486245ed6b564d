/** Every limit of the product in one place; units are in the names. */
export const limits = {
  maxMessageBytes: 256 * 1024,
  maxNameLength: 80,
  maxBranchLength: 200,
  maxOriginLength: 2048,
  maxPromptBytes: 256 * 1024,
  maxCommandBytes: 64 * 1024,
  maxTurns: 1000,
  maxTimeoutSeconds: 20 * 3600,
  defaultTimeoutSeconds: 2 * 3600,
  defaultAskDeadlineSeconds: 3600,
  maxCostUsd: 10_000,
  maxTokens: 10_000_000_000,
  /** An agent that is silent for longer ends with `stalled`; a shell command may be silent. */
  defaultStallSeconds: 30 * 60,
  minStallSeconds: 1,
  /** Output beyond this ends the attempt with `output_limit`, unless the run says otherwise. */
  defaultOutputBytes: 1024 * 1024 * 1024,
  minOutputBytes: 1024,
  maxOutputBytes: 16 * 1024 * 1024 * 1024,
  /** One line of an agent's stream; a longer one is skipped and named. */
  maxStreamLineBytes: 16 * 1024 * 1024,
  /** A stored patch; the rest is named as left out. */
  maxPatchBytes: 2 * 1024 * 1024,
  /** The patch of one file that was asked for by its path. */
  maxFilePatchBytes: 16 * 1024 * 1024,
  /** A patch for download; larger work is restored as a branch or a workspace. */
  maxPatchDownloadBytes: 512 * 1024 * 1024,
  outputChunkBytes: 256 * 1024,
  maxChecks: 20,
  maxCheckRounds: 5,
  defaultCheckRounds: 2,
  /** A set-up, check or tear-down that prints more is stopped. */
  maxCommandOutputBytes: 16 * 1024 * 1024,
  /** Files brought along into one workspace, all together. */
  maxBroughtBytes: 1024 * 1024 * 1024,
  maxBroughtFiles: 100_000,
  pageSize: 50,
  maxPageSize: 200,
} as const;

/** The bytes that `text` takes in UTF-8; works in the browser too. */
export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

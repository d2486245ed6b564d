import { z } from "zod";
import { shaSchema } from "./ids";

/** What became of a file between two commits. `type`: a file became a link or the other way round. */
const changeKinds = ["added", "deleted", "modified", "renamed", "mode", "type"] as const;
export type ChangeKind = (typeof changeKinds)[number];

const fileChangeSchema = z.object({
  path: z.string(),
  /** Where it was before; only of a renamed file. */
  previousPath: z.string().nullable(),
  kind: z.enum(changeKinds),
  isBinary: z.boolean(),
  additions: z.number().int(),
  deletions: z.number().int(),
  /** The id of its content, zeros where there is none: the same id is the same content. */
  oldObject: z.string(),
  newObject: z.string(),
  /** Of git, e.g. `100755`; `000000` where there is no file. */
  oldMode: z.string(),
  newMode: z.string(),
  /** The bytes of the larger side; null where it has none, as a submodule. */
  bytes: z.number().int().nullable(),
  /** Too large to be shown unasked: its patch is left out and read by its path. */
  isHuge: z.boolean(),
});
export type FileChange = z.infer<typeof fileChangeSchema>;

export const runDiffSchema = z.object({
  patch: z.string(),
  /** The patch ends before the last file; each file that is missing can be read by its path. */
  isCut: z.boolean(),
  files: z.number().int(),
  additions: z.number().int(),
  deletions: z.number().int(),
  changes: z.array(fileChangeSchema).default([]),
  /** The commits that are compared; null while there is nothing to compare. */
  from: shaSchema.nullable().default(null),
  to: shaSchema.nullable().default(null),
});
export type RunDiff = z.infer<typeof runDiffSchema>;

/** From this many bytes on a file is huge. */
export const hugeFileBytes = 500_000;
/** From this many characters on a line is too long to be shown unasked. */
export const hugeLineLength = 20_000;
/** The most changes that are listed one by one; the counts are of all. */
export const maxListedChanges = 10_000;

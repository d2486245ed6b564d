import { z } from "zod";
import { limits, utf8Length } from "@/server/domain/limits";
import { limitFields, workspaceKindSchema } from "@/server/domain/workflow";

export const messageSchema = z
  .string()
  .refine((text) => text.trim().length > 0, "Say what is to be done.")
  .refine(
    (text) => utf8Length(text) <= limits.maxMessageBytes,
    `A message is at most ${limits.maxMessageBytes / 1024} KiB; put longer material into a file of the repository.`,
  )
  .refine((text) => !text.includes("\u0000"), "A message cannot contain the character NUL.");

/** What starts a run. Names, not ids: people and scripts say them. */
export const startRunInputSchema = z.strictObject({
  workflow: z.string().min(1).max(limits.maxNameLength),
  repository: z.string().min(1).max(limits.maxNameLength),
  message: messageSchema,
  sessionId: z.string().nullish(),
  workspace: workspaceKindSchema.nullish(),
  baseRef: z.string().nullish(),
  branch: z.string().nullish(),
  priority: z.int().min(-100).max(100).nullish(),
  idempotencyKey: z.string().min(1).max(200).nullish(),
  ...limitFields,
});
export type StartRunInput = z.infer<typeof startRunInputSchema>;

import { z } from "zod";
import { trimReasons } from "./output-trim";

/** One entry of a run's transcript, as a driver reads it out of the agent's stream. */
export const transcriptEntrySchema = z.discriminatedUnion("kind", [
  /** What was handed to the agent: the prompt, or an operator's message. */
  z.object({ kind: z.literal("message"), text: z.string(), messageId: z.string().optional() }),
  z.object({ kind: z.literal("text"), text: z.string(), parentToolId: z.string().optional() }),
  z.object({ kind: z.literal("thinking"), text: z.string(), parentToolId: z.string().optional() }),
  z.object({
    kind: z.literal("tool_call"),
    toolId: z.string(),
    name: z.string(),
    input: z.unknown(),
    parentToolId: z.string().optional(),
  }),
  z.object({
    kind: z.literal("tool_result"),
    toolId: z.string(),
    isError: z.boolean(),
    text: z.string(),
    isCut: z.boolean().optional(),
  }),
  /** The agent asked for a tool that the workflow does not allow, and was refused. */
  z.object({
    kind: z.literal("permission_denied"),
    tool: z.string(),
    input: z.unknown(),
    reason: z.string(),
  }),
  /** A retry, a notice of the provider, a line that could not be read. */
  z.object({ kind: z.literal("notice"), text: z.string() }),
  z.object({ kind: z.literal("error"), text: z.string() }),
  /** The agent's terminal event. */
  z.object({
    kind: z.literal("result"),
    isError: z.boolean(),
    reason: z.string(),
    text: z.string().nullable(),
  }),
  /** In place of entries `firstSeq` to this one's own number, which retention removed. */
  z.object({
    kind: z.literal("trimmed"),
    firstSeq: z.int(),
    entries: z.int(),
    bytes: z.int(),
    at: z.iso.datetime(),
    reason: z.enum(trimReasons),
  }),
]);
export type TranscriptEntry = z.infer<typeof transcriptEntrySchema>;

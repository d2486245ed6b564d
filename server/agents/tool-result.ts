import type { TranscriptEntry } from "@/server/domain/transcript";

/** The longest text of one tool result that the transcript keeps; the raw output has the whole. */
const maxCharacters = 64 * 1024;

export function toolResult(toolId: string, isError: boolean, whole: string): TranscriptEntry {
  const isCut = whole.length > maxCharacters;
  const text = whole.slice(0, maxCharacters);
  return { kind: "tool_result", toolId, isError, text, ...(isCut && { isCut }) };
}

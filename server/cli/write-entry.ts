import { describeTrimmedEntries } from "@/server/domain/output-trim";
import type { TranscriptEntry } from "@/server/domain/transcript";
import type { Paint } from "./paint";
import { clean } from "./write-run";
import { oneLine } from "./write-table";

/** What an agent said or did, as somebody who follows it wants to read it. */
export function writeEntry(entry: TranscriptEntry, paint: Paint): string | null {
  switch (entry.kind) {
    case "text":
      return clean(entry.text);
    case "tool_call":
      return paint("dim", `→ ${oneLine(`${entry.name} ${shorten(JSON.stringify(entry.input))}`)}`);
    case "tool_result":
      return entry.isError ? paint("red", `  ${shorten(oneLine(entry.text))}`) : null;
    case "permission_denied":
      return paint("yellow", `refused: ${oneLine(`${entry.tool}: ${entry.reason}`)}`);
    case "trimmed":
      return paint("dim", describeTrimmedEntries(entry));
    case "notice":
      return paint("dim", oneLine(entry.text));
    case "error":
      return paint("red", clean(entry.text));
    // The message is the reader's own, thinking is long, and the result is shown at the end.
    case "message":
    case "thinking":
    case "result":
      return null;
  }
}

function shorten(text: string | undefined): string {
  return (text ?? "").length > 160 ? `${text?.slice(0, 159)}…` : (text ?? "");
}

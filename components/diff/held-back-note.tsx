import type { ReactNode } from "react";
import { formatBytes } from "@/components/ui/format-number";
import { type FileChange, hugeLineLength } from "@/server/domain/diff";
import type { HeldBack } from "./match-files";

/** Why a file's lines are not there, and perhaps the button that brings them. */
export function HeldBackNote({
  change,
  why,
  children,
}: {
  change: FileChange;
  why: HeldBack;
  children?: ReactNode;
}) {
  return (
    <div className="flex flex-wrap items-center gap-3 px-4 py-3 text-xs text-quiet">
      <span>{explain(change, why)}</span>
      {children}
    </div>
  );
}

function explain(change: FileChange, why: HeldBack): string {
  const size = change.bytes === null ? "" : ` (${formatBytes(change.bytes)})`;
  switch (why) {
    case "binary":
      return `A binary file${size}; it has no lines to show.`;
    case "huge":
      return `A large file${size}; its lines are not shown unasked.`;
    case "long_line":
      return `It has very long lines; each is cut after ${hugeLineLength.toLocaleString("en")} characters.`;
    case "left_out":
      return "The diff is too large to show it at once.";
    case "no_lines":
      return explainNoLines(change);
  }
}

function explainNoLines({ kind, oldMode, newMode, bytes }: FileChange): string {
  if (oldMode !== newMode && kind !== "added" && kind !== "deleted") {
    return `Mode ${oldMode} → ${newMode}; no line changed.`;
  }
  if (kind === "renamed") return "Renamed; no line changed.";
  return bytes === 0 ? "An empty file." : "No line changed.";
}

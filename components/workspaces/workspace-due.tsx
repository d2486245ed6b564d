import { Pin } from "lucide-react";
import type { Due } from "@/server/domain/cleanup-views";

/** Until when a workspace is kept, or what removed it, and why. */
export function WorkspaceDue({ due, removedAt }: { due: Due; removedAt: Date | null }) {
  const text = describeDue(due, removedAt);
  if (!text) return null;
  return (
    <span
      title={due.why}
      className={
        due.standing === "blocked"
          ? "block truncate text-xs text-warn"
          : "block truncate text-xs text-faint"
      }
    >
      {due.isPinned && <Pin aria-label="pinned" className="mr-1 inline size-3" />}
      {text}
    </span>
  );
}

const day = (at: Date) => at.toISOString().slice(0, 10);

function describeDue(due: Due, removedAt: Date | null): string | null {
  switch (due.standing) {
    case "kept":
      return due.until ? `kept until ${day(due.until)}: ${due.why}` : `kept: ${due.why}`;
    case "due":
      return `due: ${due.why}`;
    case "blocked":
      return `due, but blocked: ${due.why}`;
    case "removed_by_policy":
      return `by policy on ${removedAt ? day(removedAt) : "?"}: ${due.why}`;
    case "removed_by_hand":
      return null;
  }
}

import {
  type FindingKind,
  type FindingOutcome,
  findingOutcomes,
  type WorkspaceAudit,
} from "@/server/domain/workspace-audit";
import type { Json } from "./open-rest-client";
import { writeSize } from "./write-size";
import { oneLine } from "./write-table";

/** What a removal would do with what was found, a line each. */
export function writeAudit({ findings }: Json<WorkspaceAudit>): string {
  if (findings.length === 0) return "Nothing there that is not kept already.\n";
  const lines = findings.map(({ kind, count, bytes, examples }) => {
    const size = bytes === null ? "" : `, ${writeSize(bytes)}`;
    const named = examples.map(oneLine).join(", ");
    return `${count} ${kind.replaceAll("_", " ")}${size}: ${wordOf(kind)} (${named})\n`;
  });
  return lines.join("");
}

const words: Record<FindingOutcome, string> = {
  kept: "kept",
  kept_beside: "kept beside the branches",
  choice: "as --ignored says",
  gone: "gone with the workspace",
  quarantine: "cannot be stored, so the workspace goes to quarantine",
};

const wordOf = (kind: FindingKind) => words[findingOutcomes[kind]];

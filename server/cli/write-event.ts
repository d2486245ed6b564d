import { type EndReason, endReasonFacts } from "@/server/domain/end-reasons";
import type { RunEventView } from "@/server/domain/run-view";
import type { Json } from "./open-rest-client";
import { oneLine } from "./write-table";

/** An event in one line. */
export function writeEvent({ kind, data }: Json<RunEventView>): string {
  const fact = (name: string) => {
    const value = data[name];
    return value === undefined || value === null ? "" : oneLine(String(value));
  };
  switch (kind) {
    case "status_changed":
      return [fact("to"), reasonLabel(data.reason)].filter(Boolean).join(": ");
    case "workspace_ready":
      return `workspace ${fact("path")} on ${fact("branch")} from ${fact("baseCommit").slice(0, 10)}`;
    case "agent_started":
      return `agent started, process ${fact("pid")}, session ${fact("agentSessionId")}`;
    case "agent_ended":
      return fact("exitCode") ? `agent ended with exit code ${fact("exitCode")}` : "agent ended";
    case "snapshot_made":
      return `snapshot ${fact("sha").slice(0, 10)} of what was left uncommitted`;
    case "commits_recorded":
      return `${fact("commits")} ${fact("commits") === "1" ? "commit" : "commits"} recorded`;
    case "cancel_asked":
      return "cancel asked";
    case "attempt_ended":
      return [`attempt ${fact("attempt")} ended`, reasonLabel(data.reason)]
        .filter(Boolean)
        .join(": ");
    default:
      return fact("text") || kind.replaceAll("_", " ");
  }
}

function reasonLabel(reason: unknown): string {
  if (typeof reason !== "string" || !(reason in endReasonFacts) || reason === "completed")
    return "";
  return endReasonFacts[reason as EndReason].label;
}

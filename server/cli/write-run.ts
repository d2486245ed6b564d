import { endReasonFacts } from "@/server/domain/end-reasons";
import { waitReasonLabels } from "@/server/domain/run";
import type { RunView } from "@/server/domain/run-view";
import type { Json } from "./open-rest-client";
import { type Paint, statusStyles } from "./paint";
import { writeDuration } from "./write-duration";
import { oneLine } from "./write-table";

/** A run for a person: what became of it, and every id that leads to it. */
export function writeRun(
  run: Json<RunView>,
  { paint, url }: { paint: Paint; url: string },
): string {
  const facts: [string, string | null][] = [
    ["status", paint(statusStyles[run.status], writeStatus(run))],
    ["workflow", `${run.workflow.name} (version ${run.workflow.version}, ${run.agent})`],
    ["repository", run.repository.name],
    ["message", oneLine(run.message).slice(0, 300)],
    ["time", writeTimes(run)],
    ["changes", writeChanges(run)],
    ["cost", writeUsage(run)],
    ["worker", run.worker && `${run.worker.name} on ${run.worker.host}, attempt ${run.attempt}`],
    ["branch", run.workspace.branch],
    ["base", run.workspace.baseCommit],
    ["head", run.workspace.headCommit],
    ["workspace", run.workspace.path],
    ["run", run.id],
    ["session", run.sessionId],
    ["agent session", run.agentSessionId],
    ["workspace id", run.workspace.id],
    ["attempt id", run.attemptId],
    ["pid", run.pid === null ? null : String(run.pid)],
    ["rerun of", run.rerunOf],
    ["page", `${url}/runs/${run.id}`],
  ];
  const known = facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
  const lines = known.map(([name, value]) => `${paint("dim", name.padEnd(14))}${value}`);
  return [paint("bold", `Run #${run.number}`), ...lines, ...writeEnd(run, paint), ""].join("\n");
}

/** The status with its reason, e.g. “failed: The turn limit was reached”. */
function writeStatus(run: Pick<Json<RunView>, "status" | "endReason" | "verdict" | "waitReason">) {
  if (run.status === "succeeded" && run.verdict)
    return `succeeded (${run.verdict.replaceAll("_", " ")})`;
  if (run.endReason && run.endReason !== "completed") {
    return `${run.status}: ${endReasonFacts[run.endReason].label}`;
  }
  return run.waitReason ? `${run.status}, ${waitReasonLabels[run.waitReason]}` : run.status;
}

function writeTimes(run: Json<RunView>): string {
  const began = `created ${run.createdAt}`;
  if (!run.startedAt) return began;
  const until = run.endedAt ? Date.parse(run.endedAt) : Date.now();
  return `${began}, ${run.endedAt ? "took" : "running for"} ${writeDuration(until - Date.parse(run.startedAt))}`;
}

function writeChanges(run: Json<RunView>): string | null {
  if (run.commits === null) return null;
  const commits = `${run.commits} ${run.commits === 1 ? "commit" : "commits"}`;
  return `${commits}, ${run.filesChanged ?? 0} files, +${run.additions ?? 0} −${run.deletions ?? 0}`;
}

function writeUsage({ usage }: Json<RunView>): string | null {
  const parts = [
    usage.costUsd === null ? null : `$${usage.costUsd.toFixed(4)}`,
    usage.turns === null ? null : `${usage.turns} turns`,
    usage.inputTokens === null ? null : `${usage.inputTokens} tokens in`,
    usage.outputTokens === null ? null : `${usage.outputTokens} out`,
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(", ") : null;
}

function writeEnd(run: Json<RunView>, paint: Paint): string[] {
  const nextStep = run.endReason ? endReasonFacts[run.endReason].nextStep : "";
  return [
    ...(run.error ? ["", paint("red", clean(run.error))] : []),
    ...(run.status === "failed" && nextStep ? [paint("dim", nextStep)] : []),
    ...(run.result ? ["", clean(run.result)] : []),
  ];
}

/** Text of several lines without what could steer the terminal. */
export function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "").trimEnd();
}

"use client";
import { clsx } from "clsx";
import Link from "next/link";
import { ActorName } from "@/components/runs/actor-name";
import { RunStatusLabel, statusDress } from "@/components/runs/run-status";
import { useVocabulary, type Vocabulary } from "@/components/runs/vocabulary";
import { Duration } from "@/components/ui/duration";
import { RelativeTime } from "@/components/ui/relative-time";
import type { EndReason } from "@/server/domain/end-reasons";
import type { RunEventKind } from "@/server/domain/run-events";
import type { RunStatus } from "@/server/domain/run-status";
import type { RunEventView } from "@/server/domain/run-view";
import { StopSteps } from "./stop-steps";

/** Shown by `StopSteps` instead. */
const stopFacts = new Set(["totalMs", "vouchedBy"]);

const eventWords = {
  status_changed: "Status",
  workspace_ready: "Workspace ready",
  agent_started: "Agent started",
  agent_stopped: "Agent stopped",
  agent_ended: "Agent ended",
  attempt_ended: "Attempt ended",
  worker_changed: "Another worker took over",
  host_lost: "Host declared lost",
  cancel_asked: "Cancel asked",
  snapshot_made: "Snapshot made",
  commits_recorded: "Commits recorded",
  message_sent: "Message sent",
  message_moved: "Message",
  question_asked: "Question asked",
  question_answered: "Question answered",
  turn_interrupted: "Turn interrupted",
  limit_near: "Limit near",
  usage_limit_met: "Usage limit met",
  set_up_ended: "Set-up ended",
  tear_down_ended: "Tear-down ended",
  check_ended: "Check ended",
  checks_sent_back: "Checks sent back",
  delivery_planned: "Delivery planned",
  delivery_moved: "Delivery",
  notice: "Notice",
} as const satisfies Record<RunEventKind, string>;

/** One event. A change of status tells how long the run stayed there; facts stand beside it. */
export function TimelineEntry({
  event,
  next,
  isRunEnded,
}: {
  event: RunEventView;
  next: RunEventView | null;
  isRunEnded: boolean;
}) {
  const vocabulary = useVocabulary();
  const status = readStatus(event);
  return (
    <li
      className={clsx(
        "grid grid-cols-[88px_minmax(0,1fr)_auto] items-start gap-x-3 px-4 py-1",
        !status && "text-quiet",
      )}
    >
      <RelativeTime at={event.at} className="text-xs leading-5 text-faint" />
      <div className="flex min-w-0 flex-wrap items-center gap-x-2">
        {status ? <RunStatusLabel status={status} /> : <span>{wordFor(event.kind)}</span>}
        <span className="min-w-0 text-xs leading-5 break-all text-quiet">
          {describeFacts(event, vocabulary)}
        </span>
        {typeof event.data.link === "string" && event.data.link.startsWith("/") && (
          <Link href={event.data.link} className="text-xs underline">
            Read and approve it
          </Link>
        )}
        {event.kind === "agent_stopped" && <StopSteps data={event.data} />}
      </div>
      <span className="text-right text-xs leading-5 text-faint">
        {status && (next || !isRunEnded) && (
          <span className="mr-3 font-mono">
            <Duration from={event.at} to={next?.at ?? null} />
          </span>
        )}
        <ActorName actor={event.actor} />
      </span>
    </li>
  );
}

function readStatus(event: RunEventView): RunStatus | null {
  const to = event.data.to;
  if (event.kind !== "status_changed" || typeof to !== "string") return null;
  return to in statusDress ? (to as RunStatus) : null;
}

function wordFor(kind: string): string {
  return eventWords[kind as RunEventKind] ?? kind;
}

function describeFacts(event: RunEventView, { endReasons, waitReasons }: Vocabulary): string {
  const { from: _from, to: _to, reason, waitReason, text, link: _link, ...facts } = event.data;
  const words: string[] = [];
  if (typeof reason === "string" && reason !== "completed") {
    words.push(endReasons[reason as EndReason]?.label ?? reason);
  }
  if (typeof waitReason === "string") {
    words.push(waitReasons[waitReason as keyof typeof waitReasons] ?? waitReason);
  }
  if (typeof text === "string") words.push(text);
  for (const [name, value] of Object.entries(facts)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "object" || (event.kind === "agent_stopped" && stopFacts.has(name))) {
      continue;
    }
    words.push(value === true ? spell(name) : `${spell(name)} ${shorten(String(value))}`);
  }
  return words.join(" · ");
}

/** “baseCommit” as “base commit”, “isResume” as “resume”. */
function spell(name: string): string {
  return name
    .replace(/^is(?=[A-Z])/, "")
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
}

function shorten(value: string): string {
  return /^[0-9a-f]{40,64}$/.test(value) ? value.slice(0, 12) : value;
}

import type { QueryClient } from "@tanstack/react-query";
import type { TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import type { AppRouter } from "@/server/api/router";
import type { Wake } from "@/server/domain/run-view";
import type { Live } from "./live";
import { refreshAll } from "./refresh-all";

const gatherMs = 150;
const hiddenGatherMs = 5000;

/** Reads again exactly the queries that a wake concerns; what comes in a burst is read once. */
export function refreshOnWakes(
  live: Live,
  queryClient: QueryClient,
  trpc: TRPCOptionsProxy<AppRouter>,
): () => void {
  let gathered: Wake[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasLive = false;

  const refresh = () => {
    timer = undefined;
    const wakes = gathered;
    gathered = [];
    for (const queryKey of findConcerned(wakes, trpc)) {
      void queryClient.invalidateQueries({ queryKey });
    }
  };
  const stopWakes = live.onWakes((wakes) => {
    gathered.push(...wakes.filter((wake) => wake.kind === "event"));
    if (gathered.length === 0) return;
    timer ??= setTimeout(refresh, document.hidden ? hiddenGatherMs : gatherMs);
  });
  // Output wakes are not repeated after a break, so all that shows is read once more.
  const stopConnection = live.onConnection(() => {
    const isLive = live.connection() === "live";
    if (isLive && wasLive) void refreshAll(queryClient);
    wasLive ||= isLive;
  });
  return () => {
    clearTimeout(timer);
    stopWakes();
    stopConnection();
  };
}

function findConcerned(wakes: Wake[], trpc: TRPCOptionsProxy<AppRouter>) {
  const keys = new Map<string, readonly unknown[]>();
  const add = (key: readonly unknown[]) => keys.set(JSON.stringify(key), key);
  for (const wake of wakes) {
    if (wake.kind !== "event") continue;
    const id = wake.runId;
    add(trpc.runs.get.queryKey({ id }));
    add(trpc.runs.events.queryKey({ id }));
    add(trpc.runs.evidence.queryKey({ id }));
    if (concernsCommands.has(wake.event)) add(trpc.runs.checks.queryKey({ id }));
    if (concernsAttempts.has(wake.event)) add(trpc.runs.attempts.queryKey({ id }));
    if (wake.event.startsWith("delivery_")) add(trpc.deliveries.pathKey());
    if (concernsWork.has(wake.event)) {
      add(trpc.runs.commits.queryKey({ id }));
      add(trpc.runs.diff.queryKey({ id }));
      add(trpc.work.pathKey());
    }
    if (concernsConversation.has(wake.event)) {
      add(trpc.conversation.view.queryKey({ runId: id }));
      add(trpc.conversation.waiting.pathKey());
    }
    if (wake.event !== "status_changed") continue;
    add(trpc.overview.get.queryKey());
    add(trpc.runs.counts.queryKey());
    add(trpc.sessions.get.pathKey());
    add(trpc.reviews.list.pathKey());
    add(trpc.workspaces.list.pathKey());
    add(trpc.workers.list.queryKey());
  }
  return keys.values();
}

const concernsAttempts = new Set([
  "status_changed",
  "agent_started",
  "agent_ended",
  "attempt_ended",
  "worker_changed",
]);
const concernsConversation = new Set([
  "status_changed",
  "message_sent",
  "message_moved",
  "question_asked",
  "question_answered",
  "turn_interrupted",
]);
const concernsWork = new Set([
  "snapshot_made",
  "commits_recorded",
  "attempt_ended",
  "delivery_moved",
]);
const concernsCommands = new Set([
  "status_changed",
  "set_up_ended",
  "check_ended",
  "tear_down_ended",
  "checks_sent_back",
]);

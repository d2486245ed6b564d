import { existsSync } from "node:fs";
import { join } from "node:path";
import { controlFiles } from "@/server/agents/control-folder";
import type { Conclusion } from "@/server/agents/driver";
import { type ControlState, readControl } from "@/server/agents/read-control";
import { watchSpool } from "@/server/agents/watch-spool";
import { crashAt } from "@/server/domain/crash-points";
import type { EndReason } from "@/server/domain/end-reasons";
import { readResetTime } from "@/server/domain/read-reset-time";
import { awaitDatabase } from "./await-database";
import { letGo } from "./begin-run";
import type { AttemptOutcome } from "./close-attempt";
import { assertHeld, type Hold, type WorkerContext } from "./context";
import { openConversation } from "./conversation/open-conversation";
import { explainStop, findStop, openStopWatch, type StopWatch } from "./limits/find-stop";
import { limitsOf } from "./limits/limits-of";
import type { Work } from "./load-work";
import { openTail, type Tail } from "./open-tail";
import { stopAgent } from "./stop-agent";
import { storeOutput } from "./store-output";
import { createWake } from "./wake";

const lookMs = 1_000;
/** Small pieces of output are stored together: at most this often while the agent lives. */
const storeGapMs = 40;
/** How long an agent that said it is done may take to go. */
const farewellMs = 10_000;

/**
 * Reads the agent's spool until its process is gone and the last byte is stored, stopping it when an
 * operator or a limit says so.
 * @throws HoldEnded (the agent goes on without us), AttemptSuperseded.
 */
export async function followAgent(
  context: WorkerContext,
  hold: Hold,
  work: Work,
): Promise<AttemptOutcome> {
  const tail = await awaitDatabase(context, hold, () => openTail(context, hold, work));
  const conversation = openConversation(context, hold, tail);
  const wake = createWake();
  const done = new AbortController();
  watchSpool(hold.controlPath, () => wake.fire(), done.signal);
  hold.onControl(() => {
    watch.isControlDue = true;
    wake.fire();
  });
  hold.signal.addEventListener("abort", () => wake.fire(), { signal: done.signal });
  const watch: Watch = { ...openStopWatch(hold, work, tail), terminalAt: null, stop: null };
  try {
    for (;;) {
      assertHeld(hold);
      const control = readControl(hold.controlPath);
      const isOver = isProcessOver(control);
      if (!isOver) await conversation.handOverIfDue();
      const isEarly = !isOver && performance.now() - tail.storedAt < storeGapMs;
      const stored = isEarly ? 0 : await storeOutput(context, hold, tail, isOver);
      if (stored === 0 && isOver) {
        await crashAt("after:exit");
        return conclude(hold, work, tail, control, watch.stop);
      }
      if (stored === 0) {
        if (tail.outputBytes > 0) await crashAt("mid:run");
        await stopIfDue(context, hold, work, tail, watch);
        await wake.wait(isEarly ? storeGapMs : lookMs);
      } else if (tail.outputBytes > limitsOf(work.run).maxOutputBytes) {
        await stopIfDue(context, hold, work, tail, watch);
      }
    }
  } finally {
    done.abort();
  }
}

interface Watch extends StopWatch {
  terminalAt: number | null;
  /** Why the agent was stopped by us; null while it was not. */
  stop: EndReason | null;
}

/** A control folder that is gone (a cleaned disk, a restored backup) tells of no process either. */
function isProcessOver({ phase }: ControlState): boolean {
  return phase === "exited" || phase === "lost" || phase === "absent";
}

/** The last words for the agent, the go, the end of input: each may be given again. */
export async function completeHandover(hold: Hold, work: Work): Promise<void> {
  const { attempt } = work;
  if (isProcessOver(readControl(hold.controlPath))) return;
  const pending = attempt.pendingStdin ?? "";
  const offset = attempt.stdinBytes - Buffer.byteLength(pending);
  await letGo(hold, { pending, offset, isInputOver: attempt.isInputOver });
}

async function stopIfDue(
  context: WorkerContext,
  hold: Hold,
  work: Work,
  tail: Tail,
  watch: Watch,
): Promise<void> {
  // Asked to cancel once more after a stop that ended nobody: it is tried again.
  if (watch.stop && !watch.isControlDue) return;
  if (tail.isTerminal) watch.terminalAt ??= performance.now();
  const reason = await findStop(context, hold, work, tail, watch);
  const isOverdue = watch.terminalAt !== null && performance.now() - watch.terminalAt > farewellMs;
  if (!reason && !isOverdue) return;
  watch.stop = reason;
  if (isOverdue) watch.terminalAt = Number.POSITIVE_INFINITY;
  await stopAgent(context, hold, { reason, workspacePath: work.run.workspacePath });
  watch.isControlDue = false;
}

/** The agent's own word is the evidence; what we did to it, or lost of it, comes first. */
function conclude(
  hold: Hold,
  work: Work,
  tail: Tail,
  control: ControlState,
  stop: EndReason | null,
): AttemptOutcome {
  const exit = control.exit ? { code: control.exit.code, signal: control.exit.signal } : null;
  const said = tail.driver.conclude(tail.state, {
    code: exit?.code ?? null,
    signal: exit?.signal ?? null,
    tail: tail.readLastLines(),
  });
  const outcome: AttemptOutcome = {
    reason: said.reason,
    result: said.result,
    error: said.error,
    usage: said.usage,
    exit,
    sessionCostUsd: said.sessionCostUsdAfter,
    models: said.models ?? [],
    isUsageWhole: said.isUsageWhole ?? true,
    usageResetsAt: readReset(said),
  };
  if (stop)
    return { ...outcome, reason: stop, error: explainStop(stop, work), usageResetsAt: null };
  const loss = tail.isTerminal ? null : explainLoss(control, hold);
  if (loss) return { ...outcome, reason: "worker_lost", error: loss };
  return outcome;
}

/** When the provider's usage limit resets: as the agent's stream tells it, else as its words do. */
function readReset({ reason, usageResetsAt, error }: Conclusion): Date | null {
  if (reason !== "usage_limit") return null;
  if (usageResetsAt != null) return new Date(usageResetsAt * 1000);
  return error === null ? null : readResetTime(error, new Date());
}

/** Why there is no exit of the agent's own; null when there is one. */
function explainLoss(control: ControlState, hold: Hold): string | null {
  if (control.phase === "lost") return "The keeper of the agent died without leaving an exit.";
  if (control.phase === "absent") return "The attempt's control folder is gone.";
  const wasLetGo = existsSync(join(hold.controlPath, controlFiles.go));
  return wasLetGo ? null : "The agent's process ended before it was let go.";
}

import type { Agreement, EvidenceFacts, ProcessLook } from "./evidence";
import { isHeld, isTerminal } from "./run-status";
import { isPresent } from "./worker";

export interface Judgement {
  agreement: Agreement;
  sentence: string;
}

/** Nobody has looked for longer than this: nothing is known of now. A worker looks every 5 s. */
export const lookStaleSeconds = 15;
/** What ends by itself, or is put right by the worker, is given this long before it is called wrong. */
const settleSeconds = 15;
/** Interrupt, SIGTERM and SIGKILL together take no longer. */
const stopSeconds = 20;

/**
 * Whether a run's status agrees with the facts it rests on. `stale` says that nobody has looked, so
 * nothing is claimed; `disagrees` is said only of what somebody saw.
 */
export function judgeEvidence(facts: EvidenceFacts): Judgement {
  if (isTerminal(facts.status)) return judgeEnded(facts);
  return isHeld(facts.status) ? judgeHeld(facts) : judgeQueued(facts);
}

const liveJobStates = new Set(["created", "retry", "active", "blocked"]);

const agrees = (sentence: string): Judgement => ({ agreement: "agrees", sentence });
const stale = (sentence: string): Judgement => ({ agreement: "stale", sentence });
const disagrees = (sentence: string): Judgement => ({ agreement: "disagrees", sentence });

function judgeQueued({ job, wait }: EvidenceFacts): Judgement {
  const sentence = wait?.sentence ?? "It waits for a worker.";
  if (job?.state && liveJobStates.has(job.state)) return agrees(sentence);
  return disagrees(
    "It is queued, but no job of it is in the queue. A worker gives it a new one within a minute.",
  );
}

function judgeEnded(facts: EvidenceFacts): Judgement {
  const look = facts.processes;
  const alive = look ? listAlive(look) : [];
  if (look && look.lookedAt >= facts.statusSince && alive.length > 0) {
    return disagrees(
      `The run has ended, but ${nameProcesses(alive)} of it lived ${ago(facts, look.lookedAt)}. End ${alive.length === 1 ? "it" : "them"} on the worker's host.`,
    );
  }
  const unproved = sayNotProved(facts);
  if (unproved) return stale(unproved);
  if (look && look.lookedAt < facts.statusSince && look.isAgentAlive && !facts.exit) {
    return stale("Nobody has looked at its processes since it ended.");
  }
  return agrees(sayHowItEnded(facts));
}

function sayHowItEnded({ exit, processes, output }: EvidenceFacts): string {
  if (!exit && !processes) return "It ended before an agent's process was let go.";
  const said = output.hasTerminalEvent ? "The agent said that it was done" : null;
  const left = exit
    ? `its process ended ${exit.signal ? `by ${exit.signal}` : `with ${exit.code}`}`
    : "its process left no exit status";
  const sentence = [said, left].filter(Boolean).join(", and ");
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}; nothing of it is known to live.`;
}

function judgeHeld(facts: EvidenceFacts): Judgement {
  const { worker, processes: look } = facts;
  if (!worker) return disagrees("The run is held, but by no worker.");
  if (worker.state === "lost") {
    return disagrees(`The run is held by ${worker.name}, whose host was declared lost.`);
  }
  if (!isPresent(worker.state)) return stale(sayReconnecting(facts));
  if (!look) {
    return secondsSince(facts, facts.statusSince) > lookStaleSeconds && facts.status !== "preparing"
      ? stale(`Worker ${worker.name} beats, but has not looked at this attempt yet.`)
      : agrees(`Worker ${worker.name} has just taken it up.`);
  }
  if (look.fence !== facts.fence) {
    return stale(`Worker ${worker.name} has taken it up again and has not looked since.`);
  }
  if (secondsSince(facts, look.lookedAt) > lookStaleSeconds) {
    return stale(
      `Worker ${worker.name} beats, but nobody has looked at the processes for ${secondsSince(facts, look.lookedAt)} s.`,
    );
  }
  return judgeLook(facts, look, worker.name);
}

function sayReconnecting(facts: EvidenceFacts): string {
  const { worker, processes: look } = facts;
  const gone =
    worker?.state === "stopped"
      ? `Worker ${worker.name} was stopped`
      : `Worker ${worker?.name} has not been heard of for ${secondsSince(facts, worker?.heartbeatAt ?? facts.asOf)} s`;
  if (!look) return `${gone}. Worker reconnecting.`;
  const last = look.isAgentAlive
    ? `its agent lived ${ago(facts, look.lookedAt)} and its keeper looks after it`
    : `its agent had ended ${ago(facts, look.lookedAt)}`;
  return `${gone}; ${last}. Worker reconnecting.`;
}

function judgeLook(facts: EvidenceFacts, look: ProcessLook, worker: string): Judgement {
  const lasted = secondsSince(facts, look.changedAt);
  const isSettled = lasted > settleSeconds;
  if (!look.isDriven && isSettled) {
    return disagrees(`Worker ${worker} beats, but no part of it follows this run.`);
  }
  if (facts.cancel && look.isAgentAlive) {
    const asked = secondsSince(facts, facts.cancel.askedAt);
    if (asked > stopSeconds) {
      return disagrees(`Cancel was asked ${asked} s ago, and process ${look.pid} still lives.`);
    }
    return agrees(`It is being stopped, since ${asked} s.`);
  }
  if (facts.status === "preparing") return agrees(`Worker ${worker} prepares it.`);
  if (facts.status === "finishing") {
    return look.isAgentAlive && isSettled
      ? disagrees(`The run is being finished, but its process ${look.pid} still lives.`)
      : agrees(`The agent has ended, and worker ${worker} keeps its work.`);
  }
  return judgeRunning(facts, look, isSettled);
}

function judgeRunning(facts: EvidenceFacts, look: ProcessLook, isSettled: boolean): Judgement {
  if (look.isAgentAlive) {
    const said = facts.output.hasTerminalEvent
      ? " It has said that it is done and may take 10 s to go."
      : "";
    return agrees(`Its process ${look.pid} lived ${ago(facts, look.lookedAt)}.${said}`);
  }
  if (!isSettled) {
    return agrees("The agent has just ended, and the last of its output is being read.");
  }
  if (look.exit) {
    const how = look.exit.signal ?? `exit ${look.exit.code}`;
    return disagrees(
      `The run is shown as ${facts.status}, but its agent ended (${how}) ${ago(facts, look.exit.at)}.`,
    );
  }
  return disagrees(
    `The run is shown as ${facts.status}, but its process is gone and left no exit status. The worker should end the attempt; if it does not, restart it.`,
  );
}

function sayNotProved({ notProvedDead }: EvidenceFacts): string | null {
  const [first] = notProvedDead;
  if (!first) return null;
  return `Attempt ${first.attempt} ran on ${first.host}, which was declared lost: whether its processes ended is not proved.`;
}

function listAlive(look: ProcessLook): number[] {
  const agent = look.isAgentAlive || look.isNamespaceAlive ? [look.pid ?? 0] : [];
  return [...new Set([...agent, ...look.leftOver])].filter((pid) => pid > 0);
}

function nameProcesses(pids: number[]): string {
  return `${pids.length === 1 ? "process" : "processes"} ${pids.join(", ")}`;
}

function secondsSince({ asOf }: EvidenceFacts, at: Date): number {
  return Math.max(0, Math.round((asOf.getTime() - at.getTime()) / 1000));
}

function ago(facts: EvidenceFacts, at: Date): string {
  return `${secondsSince(facts, at)} s ago`;
}

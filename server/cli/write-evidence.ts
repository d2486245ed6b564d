import type { Agreement, RunEvidence } from "@/server/domain/evidence";
import type { Json } from "./open-rest-client";
import type { Paint, Style } from "./paint";
import { writeAge } from "./write-duration";

const styles = { agrees: "green", stale: "yellow", disagrees: "red" } as const satisfies Record<
  Agreement,
  Style
>;

/** The facts that a run's status rests on, for a person, each with its age. */
export function writeEvidence(evidence: Json<RunEvidence>, paint: Paint): string {
  const now = new Date(evidence.asOf);
  const { worker, processes, exit, job, moved, cancel } = evidence;
  const aged = (text: string, at: string | null | undefined) =>
    at ? `${text} (${writeAge(at, now)})` : text;
  const facts: [string, string | null][] = [
    ["evidence", paint(styles[evidence.agreement], evidence.agreement)],
    ["", evidence.sentence],
    ["moved by", moved && aged(`${moved.actor} to ${moved.to}`, moved.at)],
    ["beat", worker && aged(`${worker.name} is ${worker.state}`, worker.heartbeatAt)],
    ["agent", processes && aged(writeAgent(processes), processes.lookedAt)],
    ["output", processes && aged(`${processes.spoolBytes} bytes on the host`, processes.spoolAt)],
    ["exit", exit && aged(exit.signal ?? `code ${exit.code}`, exit.at)],
    ["job", job && aged(`${job.queue}, ${job.state ?? "gone"}`, job.heartbeatAt)],
    ["cancel asked", cancel && aged(`${cancel.asks} times`, cancel.askedAt)],
    ...evidence.notProvedDead.map((left): [string, string] => [
      "not proved",
      `that attempt ${left.attempt} on ${left.host} has ended`,
    ]),
  ];
  const known = facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
  return known.map(([name, value]) => `${paint("dim", name.padEnd(14))}${value}\n`).join("");
}

function writeAgent({ pid, isAgentAlive }: NonNullable<Json<RunEvidence>["processes"]>): string {
  return pid ? `process ${pid} ${isAgentAlive ? "lives" : "is gone"}` : "no process";
}

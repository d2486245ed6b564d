"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { formatBytes } from "@/components/ui/format-number";
import { RelativeTime } from "@/components/ui/relative-time";
import type { ProcessLook, RunEvidence } from "@/server/domain/evidence";

/** The facts one by one, each with the time for which it holds. */
export function EvidenceFacts({ evidence }: { evidence: RunEvidence }) {
  const { worker, processes, output, exit, job, wait, cancel } = evidence;
  return (
    <dl className="grid gap-x-4 px-4 pb-2 text-xs sm:grid-cols-2 xl:grid-cols-3">
      {worker && (
        <Fact name="Worker" at={worker.heartbeatAt}>
          <Link href="/workers" className="hover:underline">
            {worker.name}@{worker.host}
          </Link>
          , {worker.state}
        </Fact>
      )}
      {processes && <ProcessFacts look={processes} />}
      <Fact name="Output" at={processes?.spoolAt ?? null}>
        {formatBytes(output.storedBytes)} stored
        {processes && `, ${formatBytes(processes.spoolBytes)} on the host`}
      </Fact>
      <Fact name="Agent's word">
        {output.hasTerminalEvent ? "it said that it was done" : "no final event yet"}
      </Fact>
      {exit && (
        <Fact name="Exit" at={exit.at}>
          {exit.signal ? `ended by ${exit.signal}` : `ended with ${exit.code}`}
        </Fact>
      )}
      <Fact name="Claim">
        attempt {evidence.attempt}, fence {evidence.fence}
      </Fact>
      {job && (
        <Fact name="Job" at={job.heartbeatAt}>
          {job.queue}, {job.state ?? "gone"}
        </Fact>
      )}
      {wait && (
        <Fact name="Waits" at={wait.availableAt}>
          {wait.worker ? `for ${wait.worker}` : "for any worker"}
        </Fact>
      )}
      {cancel && (
        <Fact name="Cancel" at={cancel.askedAt}>
          asked {cancel.asks === 1 ? "once" : `${cancel.asks} times`}
        </Fact>
      )}
      {evidence.notProvedDead.map((left) => (
        <Fact key={left.attempt} name="Not proved" at={left.since}>
          attempt {left.attempt} on {left.host}
          {left.pid && `, process ${left.pid}`}
        </Fact>
      ))}
    </dl>
  );
}

function ProcessFacts({ look }: { look: ProcessLook }) {
  const vouched =
    look.isNamespaceAlive === null ? "only a sweep vouches for its end" : "in a pid namespace";
  return (
    <>
      <Fact name="Agent" at={look.lookedAt}>
        {look.pid ? `process ${look.pid} ${look.isAgentAlive ? "lives" : "is gone"}` : "no process"}
        {look.pid && `, ${vouched}`}
        {look.leftOver.length > 0 && `; left over: ${look.leftOver.join(", ")}`}
      </Fact>
      <Fact name="Keeper" at={look.keeperBeatAt}>
        {look.keeperPid
          ? `process ${look.keeperPid} ${look.isKeeperAlive ? "lives" : "is gone"}`
          : "none"}
        {look.isDriven ? ", followed by its worker" : ""}
      </Fact>
    </>
  );
}

function Fact({ name, at, children }: { name: string; at?: Date | null; children: ReactNode }) {
  return (
    <div className="flex min-h-6 min-w-0 items-baseline gap-2">
      <dt className="w-20 shrink-0 text-faint">{name}</dt>
      <dd className="min-w-0 break-words text-quiet">
        {children}
        {at && (
          <span className="text-faint">
            {" "}
            · <RelativeTime at={at} />
          </span>
        )}
      </dd>
    </div>
  );
}
